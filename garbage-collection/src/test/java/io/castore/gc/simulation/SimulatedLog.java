package io.castore.gc.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.gc.DigestOrders;
import io.castore.gc.RootRules;
import io.castore.gc.UploadHistory;
import io.castore.index.SimulatedIndexer;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What collections see of a simulated pipeline. All else goes on between any two looks. */
final class SimulatedLog implements UploadHistory, RootRules, DigestOrders {
  private final SimulatedTopic chunks;
  private final SimulatedTopic receipts;
  private final SimulatedTopic statuses;
  private final SimulatedTopic roots;
  private final SimulatedTask chunker;
  private final SimulatedIndexer indexer;
  private final SimulatedClock clock;
  private final Pause pause;
  private int waits;

  /** Lets other things happen. */
  @FunctionalInterface
  interface Pause {
    void run(boolean waiting);
  }

  SimulatedLog(
      SimulatedTopic chunks,
      SimulatedTopic receipts,
      SimulatedTopic statuses,
      SimulatedTopic roots,
      SimulatedTask chunker,
      SimulatedIndexer indexer,
      SimulatedClock clock,
      Pause pause) {
    this.chunks = chunks;
    this.receipts = receipts;
    this.statuses = statuses;
    this.roots = roots;
    this.chunker = chunker;
    this.indexer = indexer;
    this.clock = clock;
    this.pause = pause;
  }

  /** How often somebody has looked in vain whether his orders were carried out. */
  int waits() {
    return waits;
  }

  @Override
  public Map<Integer, Long> indexedReceipts() {
    pause.run(false);
    return Map.of(0, indexer.task().committed(receipts));
  }

  @Override
  public Map<Integer, Long> receiptEnds() {
    pause.run(false);
    return Map.of(0, receipts.end());
  }

  @Override
  public Map<Integer, Long> receiptsAt(Instant time) {
    pause.run(false);
    return Map.of(0, receipts.at(time));
  }

  @Override
  public void readReceipts(Map<Integer, Long> from, Map<Integer, Long> to, ReceiptVisitor visitor)
      throws IOException {
    long end = to.getOrDefault(0, 0L);
    for (long offset = from.getOrDefault(0, 0L); offset < end; offset++) {
      SimulatedTopic.Entry entry = receipts.at(offset);
      visitor.visit(
          UploadId.of(Objects.requireNonNull(entry.key())), ChunkReceipt.parseFrom(entry.value()));
      if (offset % 16 == 0) {
        pause.run(false);
      }
    }
  }

  @Override
  public Map<Integer, Long> statusEnds() {
    pause.run(false);
    return Map.of(0, statuses.end());
  }

  @Override
  public void readStatuses(Map<Integer, Long> from, Map<Integer, Long> to, StatusVisitor visitor)
      throws IOException {
    pause.run(false);
    long end = to.getOrDefault(0, 0L);
    for (long offset = from.getOrDefault(0, 0L); offset < end; offset++) {
      SimulatedTopic.Entry entry = statuses.at(offset);
      visitor.visit(
          0,
          offset,
          UploadId.of(Objects.requireNonNull(entry.key())),
          UploadStatus.parseFrom(entry.value()));
    }
    pause.run(false);
  }

  @Override
  public void read(Visitor visitor) throws IOException {
    pause.run(false);
    long end = roots.end();
    for (long offset = 0; offset < end; offset++) {
      SimulatedTopic.Entry entry = roots.at(offset);
      visitor.visit(Digest.of(Objects.requireNonNull(entry.key())), rule(entry).orElse(null));
    }
    pause.run(false);
  }

  Optional<RootRule> rule(SimulatedTopic.Entry entry) {
    try {
      return entry.value() == null
          ? Optional.empty()
          : Optional.of(RootRule.parseFrom(entry.value()));
    } catch (InvalidProtocolBufferException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public void write(Digest blob, @Nullable RootRule rule) {
    pause.run(false);
    long unused =
        roots.append(blob.toBytes(), rule == null ? null : rule.toByteArray(), clock.millis());
  }

  @Override
  public int partitionOf(Digest digest) {
    return 0;
  }

  @Override
  public Map<Integer, Long> mark(UploadId run) {
    pause.run(false);
    return Map.of(
        0,
        append(
            null,
            ChunkRecord.newBuilder()
                .setMark(ChunkRecord.Mark.newBuilder().setRunId(ByteString.copyFrom(run.toBytes())))
                .build()));
  }

  @Override
  public void collect(UploadId run, Collect.Kind kind, Digest digest, long markOffset) {
    pause.run(false);
    long unused =
        append(
            digest,
            ChunkRecord.newBuilder()
                .setCollect(
                    Collect.newBuilder()
                        .setRunId(ByteString.copyFrom(run.toBytes()))
                        .setKind(kind)
                        .setMarkOffset(markOffset)
                        .setStoreId(SimulatedPipeline.STORE_ID))
                .build());
  }

  @Override
  public void claim(Digest blob) {
    pause.run(false);
    long unused =
        append(
            blob,
            ChunkRecord.newBuilder().setClaim(ChunkRecord.Claim.getDefaultInstance()).build());
  }

  private long append(@Nullable Digest key, ChunkRecord record) {
    return chunks.append(key == null ? null : key.toBytes(), record.toByteArray(), clock.millis());
  }

  @Override
  public void flush() {}

  @Override
  public Map<Integer, Long> awaitRecorded() {
    return Map.of(0, chunks.end());
  }

  @Override
  public void awaitCarriedOut(Map<Integer, Long> ends, LongConsumer onWait) {
    int before = waits;
    waits = 0;
    while (chunker.committed(chunks) < ends.getOrDefault(0, 0L)) {
      waits++;
      pause.run(true);
    }
    waits = before;
    pause.run(false);
  }
}
