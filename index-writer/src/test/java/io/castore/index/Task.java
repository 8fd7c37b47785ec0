package io.castore.index;

import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Runs an {@link UploadGatherer} over the records of one upload as a stream task does: in order,
 * with commits, and with crashes after which everything since the last commit comes again.
 */
final class Task {
  static final Duration EXPIRY = Duration.ofHours(24);

  private final UploadId id;
  private final List<Object> records;
  private final ObjectStore store;
  private final CrashableStore<UploadId, UploadHeader> headers = new CrashableStore<>();
  private final CrashableStore<Bytes, byte[]> rows = new CrashableStore<>();
  private final CrashableStore<Bytes, byte[]> deadlines = new CrashableStore<>();
  private final List<UploadStatus> sent = new ArrayList<>();
  private int committedSent;
  private int committed;
  private int next;
  private long nowMs = 1_800_000_000_000L;
  private UploadGatherer gatherer;

  Task(UploadId id, List<Object> records, ObjectStore store) {
    this.id = id;
    this.records = records;
    this.store = store;
    gatherer = start();
  }

  private UploadGatherer start() {
    return new UploadGatherer(
        headers,
        new ChunkRows(rows),
        new Deadlines(deadlines),
        new BlobPublisher(store),
        Upload.STORE_ID,
        EXPIRY,
        () -> nowMs);
  }

  boolean isDone() {
    return next == records.size();
  }

  /** Takes the next record. */
  void step() throws IOException {
    Object record = records.get(next);
    RecordPosition at = RecordPosition.newBuilder().setTopic("any").setOffset(next).build();
    next++;
    if (record instanceof UploadEvent event) {
      gatherer.take(id, event, at).ifPresent(sent::add);
    } else {
      gatherer.take(id, (ChunkReceipt) record, at).ifPresent(sent::add);
    }
  }

  void commit() {
    headers.commit();
    rows.commit();
    deadlines.commit();
    committed = next;
    committedSent = sent.size();
  }

  /**
   * Dies, and starts again. Of each store and of what was sent, another part may have reached Kafka
   * since the last commit.
   *
   * @param kept which part did, in quarters, two bits for each store and two for what was sent
   */
  void crash(int kept) {
    headers.crash(part(kept, 0), 3);
    rows.crash(part(kept, 1), 3);
    deadlines.crash(part(kept, 2), 3);
    int arrived = (sent.size() - committedSent) * part(kept, 3) / 3;
    sent.subList(committedSent + arrived, sent.size()).clear();
    committedSent = sent.size();
    next = committed;
    gatherer = start();
  }

  private static int part(int kept, int which) {
    return (kept >>> (2 * which)) & 3;
  }

  /** Is away for some time, and starts again. */
  void standStill(Duration time) {
    nowMs += time.toMillis();
    crash(0);
  }

  /** Lets time go by, and gives what is told then. */
  List<UploadStatus> advance(Duration time) {
    nowMs += time.toMillis();
    List<UploadStatus> told =
        gatherer.expire().stream().map(UploadGatherer.Change::status).toList();
    sent.addAll(told);
    return told;
  }

  /** What was sent and has not been lost. */
  List<UploadStatus> sent() {
    return sent;
  }

  UploadHeader header() {
    return headers.get(id);
  }

  int rowCount() {
    return rows.size();
  }

  int deadlineCount() {
    return deadlines.size();
  }
}
