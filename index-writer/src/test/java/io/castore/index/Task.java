package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;

/**
 * Runs an {@link IndexTask} over the records of one upload as a stream task does: in order, with
 * commits, with crashes after which everything since the last commit comes again, and with calls to
 * the store that take their time. What was written and told since the last commit or flush, a crash
 * may lose in part. No other status may ever be told after a final one that is durable. Claims and
 * references are answered, as soon as nothing else is to be taken, unless that is left to the test.
 */
final class Task {
  static final Duration EXPIRY = Duration.ofHours(1);

  private static final Duration TICK = Duration.ofSeconds(20);

  private final UploadId id;
  private final List<Arrival> records = new ArrayList<>();
  private final ObjectStore store;
  private final CrashableStore<UploadId, UploadHeader> headers = new CrashableStore<>();
  private final CrashableStore<Bytes, byte[]> rows = new CrashableStore<>();
  private final CrashableStore<Bytes, byte[]> deadlines = new CrashableStore<>();
  private final List<UploadStatus> sent = new ArrayList<>();
  private final List<ChunkRequest> asked = new ArrayList<>();
  private final List<Digest> claimed = new ArrayList<>();
  private final List<ChunkReceipt> answers = new ArrayList<>();
  private final Queue<Runnable> calls = new ArrayDeque<>();
  private final Map<Integer, Long> stored = new HashMap<>();
  private final List<ChunkReplay.Entry> log = new ArrayList<>();
  private boolean kafkaAnswers = true;
  private boolean chunkerAnswers = true;
  private int durablySent;
  private int durableAnswers;
  private int committed;
  private int next;
  private long nowMs = 1_800_000_000_000L;
  private IndexTask task;

  Task(UploadId id, List<?> records, ObjectStore store) {
    this.id = id;
    this.store = store;
    records.forEach(this::arrive);
    task = start();
  }

  /** The same, of an upload that has a header already. */
  static Task inheriting(UploadId id, UploadHeader header, List<?> records, ObjectStore store) {
    Task task = new Task(id, records, store);
    task.headers.put(id, header);
    task.headers.commit();
    return task;
  }

  /** A record and where it stands. */
  private record Arrival(Object record, RecordPosition at) {
    boolean isEvent() {
      return record instanceof UploadEvent;
    }
  }

  private void arrive(Object record) {
    arrive(records.size(), record);
  }

  private void arrive(int index, Object record) {
    RecordPosition at =
        RecordPosition.newBuilder().setTopic("any").setOffset(records.size()).build();
    records.add(index, new Arrival(record, at));
  }

  private IndexTask start() {
    calls.clear();
    return new IndexTask(
        new IndexTask.Stores(headers, rows, deadlines),
        new IndexPorts(
            new BlobPublisher(store, false),
            Upload.STORE_ID,
            EXPIRY,
            new StoreWorkers(calls::add),
            () -> kafkaAnswers ? Optional.of(stored) : Optional.empty(),
            (upload, ranges) -> new LogOnce(log),
            new UploadMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF),
        new Outlet() {
          @Override
          public void tell(UploadId upload, UploadStatus status) {
            assertThat(sent.subList(0, durablySent).stream().filter(Task::isFinal))
                .allMatch(status::equals);
            sent.add(status);
          }

          @Override
          public void flush() {
            makeDurable();
          }

          @Override
          public void claim(UploadId upload, Digest blob) {
            claimed.add(blob);
            answers.add(Upload.claimed(blob));
          }

          @Override
          public void refer(UploadId upload, long seq, Digest digest, int rawSize) {
            answers.add(Upload.receipt(seq, new ChunkRef(digest, rawSize), resultOf(digest)));
          }

          @Override
          public void ask(UploadId upload, ChunkRequest request) {
            asked.add(request);
          }
        },
        Path.of("target", "spool"),
        () -> nowMs);
  }

  private static boolean isFinal(UploadStatus status) {
    return UploadStates.isFinal(status.getState());
  }

  private ChunkReceipt.Result resultOf(Digest chunk) {
    try {
      return store.stat(BucketLayout.chunkKey(chunk)).isPresent()
          ? ChunkReceipt.Result.DEDUPLICATED
          : ChunkReceipt.Result.MISSING;
    } catch (IOException noAnswer) {
      throw new UncheckedIOException(noAnswer);
    }
  }

  private static final class LogOnce implements ChunkReplay.Reading {
    private final List<ChunkReplay.Entry> entries;
    private boolean read;

    LogOnce(List<ChunkReplay.Entry> entries) {
      this.entries = entries;
    }

    @Override
    public Optional<List<ChunkReplay.Entry>> next() {
      Optional<List<ChunkReplay.Entry>> all = read ? Optional.empty() : Optional.of(entries);
      read = true;
      return all;
    }

    @Override
    public void close() {}
  }

  boolean hasRecords() {
    return next < records.size();
  }

  boolean hasTakenNothing() {
    return next == 0;
  }

  /** Takes the next record. */
  void step() {
    Arrival next = records.get(this.next);
    this.next++;
    try {
      if (next.record() instanceof UploadEvent event) {
        task.take(id, event, next.at());
      } else {
        task.take(id, (ChunkReceipt) next.record(), next.at());
      }
    } catch (UnusableRecordException unusable) {
      throw new AssertionError(unusable);
    }
  }

  /** Takes all records that are left. */
  void takeAll() {
    do {
      while (hasRecords()) {
        step();
      }
      if (chunkerAnswers) {
        answer();
      }
    } while (hasRecords());
  }

  /** Leaves it to {@link #answer} to answer. */
  void chunkerAnswersWhenTold() {
    chunkerAnswers = false;
  }

  /** Has what came to Kafka answered: the answers come after all other records. */
  void answer() {
    answers.forEach(this::arrive);
    answers.clear();
    durableAnswers = 0;
  }

  /** What was claimed, in order. */
  List<Digest> claimed() {
    return claimed;
  }

  void tick() {
    task.tick();
  }

  void report() {
    task.report();
  }

  /** Makes one call to the store, if one is wanted. */
  void call() {
    Runnable call = calls.poll();
    if (call != null) {
      call.run();
    }
  }

  /** Does what can be done now. */
  void settle() {
    do {
      while (!calls.isEmpty()) {
        call();
      }
      // One to take results up and begin anew, and one for what a start has to catch up with.
      tick();
      tick();
      tick();
      takeAnswers();
    } while (!calls.isEmpty());
  }

  /** Takes the chunker's answers, before records that are left. */
  private void takeAnswers() {
    if (!chunkerAnswers) {
      return;
    }
    for (ChunkReceipt answer : List.copyOf(answers)) {
      arrive(next, answer);
      step();
    }
    answers.clear();
    durableAnswers = 0;
  }

  void commit() {
    task.beforeCommit();
    makeDurable();
    committed = next;
  }

  private void makeDurable() {
    headers.commit();
    rows.commit();
    deadlines.commit();
    durablySent = sent.size();
    durableAnswers = answers.size();
  }

  /**
   * Dies, and starts again on another machine. Of each store and of what was sent, another part may
   * have reached Kafka since the last commit or flush. Calls to the store that were wanted are not
   * made.
   *
   * @param kept which part did, in quarters: two bits for each store, two for what was told, and
   *     two for what the chunker was told
   */
  void crash(int kept) {
    headers.crash(part(kept, 0), 3);
    rows.crash(part(kept, 1), 3);
    deadlines.crash(part(kept, 2), 3);
    startAgain(kept);
  }

  /**
   * Dies, and starts again where it was: the stores on disk have everything, and their changelogs
   * only the part that reached Kafka.
   *
   * @param kept as in {@link #crash}
   */
  void crashInPlace(int kept) {
    headers.crashInPlace(part(kept, 0), 3);
    rows.crashInPlace(part(kept, 1), 3);
    deadlines.crashInPlace(part(kept, 2), 3);
    startAgain(kept);
  }

  private void startAgain(int kept) {
    int arrived = (sent.size() - durablySent) * part(kept, 3) / 3;
    sent.subList(durablySent + arrived, sent.size()).clear();
    durablySent = sent.size();
    int answered = durableAnswers + (answers.size() - durableAnswers) * part(kept, 4) / 3;
    answers.subList(answered, answers.size()).clear();
    durableAnswers = answered;
    next = committed;
    task = start();
  }

  /**
   * Has events and receipts that were not committed come in another order to each other, as they do
   * after a crash, since they are in two topics.
   */
  void reorder(Random random) {
    List<Arrival> rest = records.subList(next, records.size());
    Deque<Arrival> events = new ArrayDeque<>(rest.stream().filter(Arrival::isEvent).toList());
    Deque<Arrival> receipts =
        new ArrayDeque<>(rest.stream().filter(arrival -> !arrival.isEvent()).toList());
    rest.replaceAll(
        any ->
            receipts.isEmpty() || (!events.isEmpty() && random.nextBoolean())
                ? events.remove()
                : receipts.remove());
  }

  private static int part(int kept, int which) {
    return (kept >>> (2 * which)) & 3;
  }

  /** Is away for some time, and starts again. */
  void standStill(Duration time) {
    nowMs += time.toMillis();
    crash(0);
  }

  /** Is not called for some time. */
  void pause(Duration time) {
    nowMs += time.toMillis();
  }

  /** Lets time go by, and gives the final statuses that are told then. */
  List<UploadStatus> advance(Duration time) {
    int before = ends().size();
    for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
      nowMs += Math.min(left, TICK.toMillis());
      settle();
    }
    List<UploadStatus> ends = ends();
    return ends.subList(before, ends.size());
  }

  /** Tells how far the chunker has come in a partition. */
  void chunkerIsAt(int partition, long offset) {
    stored.put(partition, offset);
  }

  void kafkaAnswers(boolean answers) {
    kafkaAnswers = answers;
  }

  /** Has a record of the upload in the topic {@code chunks}. */
  void log(ChunkReplay.Entry entry) {
    log.add(entry);
  }

  /** What was told and has not been lost. */
  List<UploadStatus> sent() {
    return sent;
  }

  /** Final statuses among that. */
  List<UploadStatus> ends() {
    return sent.stream().filter(Task::isFinal).toList();
  }

  /** The chunks that were asked for, in order. */
  List<Long> asked() {
    return asked.stream().flatMap(request -> request.getSeqsList().stream()).toList();
  }

  /** How many chunks each request asked for. */
  List<Integer> askedPages() {
    return asked.stream().map(ChunkRequest::getSeqsCount).toList();
  }

  UploadHeader header() {
    return headers.get(id);
  }

  boolean hasEnded() {
    return header() != null && UploadLedger.isFinal(header());
  }

  int rowCount() {
    return rows.size();
  }

  int deadlineCount() {
    return deadlines.size();
  }
}
