package io.castore.chunker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.chunker.commit.CommitHook;
import io.castore.content.digest.Digest;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.streams.RecordPositions;
import io.castore.proto.state.StoredChunk;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Stores each chunk that is not known yet and answers each record with a receipt.
 *
 * <p>The order of what happens to a record is what the whole pipeline stands on: first its PUT is
 * acknowledged, then the digest is remembered and the receipt is sent, then (in the commit, which
 * waits for the first and flushes the others) its offset is committed. A process that dies in
 * between does a part of it again, which changes nothing.
 */
final class VerifyAndStore
    implements Processor<byte[], byte[], Object, Object>, PutWindow.Settlement {
  private final StoreTarget target;
  private final KeyPartition keyPartition;
  private final ChunkJudge judge;
  private final Receipts receipts;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private KeyValueStore<Digest, StoredChunk> storedChunks;
  private PutWindow window;
  private SettleTimer timer;
  private ChunkMetrics metrics;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  VerifyAndStore(StoreTarget target, KeyPartition keyPartition) {
    this.target = target;
    this.keyPartition = keyPartition;
    this.judge = new ChunkJudge(target.codec());
    this.receipts = new Receipts(target.storeId());
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(processorContext, ChunkerTopology.SEND_DEAD_LETTERS);
    storedChunks = processorContext.getStateStore(ChunkerTopology.STORED_CHUNKS);
    window = new PutWindow(target.puts(), target.timeout(), target.storeId(), this);
    timer = new SettleTimer(processorContext, this::settle);
    metrics = new ChunkMetrics(processorContext);
    if (!target.puts().isPlain()) {
      CommitHook hook = processorContext.getStateStore(ChunkerTopology.PUTS_IN_FLIGHT);
      hook.beforeCommit(this::drain);
    }
  }

  /**
   * Takes one record. A chunk that is not known may still be on its way to the store afterwards.
   *
   * @throws UncheckedIOException if the store did not take this chunk or one before it: no offset
   *     is committed from there on, and the records come again
   */
  @Override
  public void process(Record<byte[], byte[]> record) {
    window.makeRoom();
    take(record);
    settle();
  }

  private void settle() {
    window.settle();
    inFlight();
  }

  private void drain() {
    window.drain();
    inFlight();
  }

  private void inFlight() {
    metrics.inFlight(window.size());
    if (window.size() == 0) {
      timer.stop();
    } else {
      timer.start();
    }
  }

  private void take(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    ReceivedChunk chunk;
    try {
      chunk = ReceivedChunk.parse(record.key(), record.value());
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      // Without an upload there is nobody to send a receipt to.
      deadLetters.send(record, at, String.valueOf(unreadable.getMessage()));
      return;
    }

    StoredChunk onItsWay = window.chunk(chunk.digest());
    StoredChunk known = onItsWay == null ? storedChunks.get(chunk.digest()) : onItsWay;
    ChunkOutcome outcome = judge(chunk, at, known);
    PendingReceipt receipt =
        new PendingReceipt(chunk.upload(), receipts.of(chunk, outcome), record.timestamp());
    if (outcome instanceof ChunkOutcome.New fresh) {
      window.put(fresh, stored(fresh, at), receipt);
      return;
    }
    if (outcome instanceof ChunkOutcome.Known hit && known != null) {
      if (onItsWay != null) {
        window.join(chunk.digest(), receipt);
        return;
      }
      if (hit.toRefresh()) {
        storedChunks.put(chunk.digest(), referredNow(known));
      }
    } else if (outcome instanceof ChunkOutcome.Rejected rejected) {
      deadLetters.send(record, at, rejected.reason());
    }
    answer(receipt);
  }

  private ChunkOutcome judge(ReceivedChunk chunk, RecordMetadata at, @Nullable StoredChunk known) {
    // One task must own a digest, or two of them could store, remember and collect it in different
    // orders.
    int expected = keyPartition.of(chunk.digest());
    if (at.partition() != expected) {
      return new ChunkOutcome.Rejected(
          "the record is in partition %d (expected: %d, by its key)"
              .formatted(at.partition(), expected));
    }
    return judge.judge(
        chunk.digest(),
        chunk.record(),
        RecordPositions.of(at),
        known,
        context.currentSystemTimeMs());
  }

  private static StoredChunk stored(ChunkOutcome.New chunk, RecordMetadata at) {
    return StoredChunk.newBuilder()
        .setSource(RecordPositions.of(at))
        .setStoredSize(Math.toIntExact(chunk.frame().size()))
        .setRawSize(chunk.rawSize())
        .build();
  }

  private StoredChunk referredNow(StoredChunk chunk) {
    return chunk.toBuilder().setReferredAtMs(context.currentSystemTimeMs()).build();
  }

  @Override
  public void remember(Digest digest, StoredChunk chunk, Duration took) {
    storedChunks.put(
        digest,
        referredNow(chunk).toBuilder().setStoredAtMs(context.currentSystemTimeMs()).build());
    metrics.stored(chunk.getStoredSize(), took);
  }

  @Override
  public void answer(PendingReceipt pending) {
    context.forward(
        new Record<>(pending.upload(), pending.receipt(), pending.timestamp()),
        ChunkerTopology.SEND_RECEIPTS);
    metrics.answered(pending.receipt().getResult());
  }

  /** Has no effect on Kafka: a PUT that is acknowledged after this is not known of. */
  @Override
  public void close() {
    window.discard();
    timer.stop();
    metrics.close();
  }
}
