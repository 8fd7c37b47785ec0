package io.castore.chunker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.streams.RecordPositions;
import io.castore.pipeline.streams.commit.CommitHook;
import io.castore.pipeline.streams.commit.SentRecords;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Stores each chunk that is not known yet and answers each record with a receipt; carries out
 * orders.
 *
 * <p>The order of what happens to a record is what the whole pipeline stands on: first its PUT is
 * acknowledged, then the digest is remembered and the receipt is sent, then (in the commit, which
 * waits for the first and flushes the others) its offset is committed. A process that dies in
 * between does a part of it again, which changes nothing.
 */
final class VerifyAndStore
    implements Processor<byte[], byte[], Object, Object>, PutWindow.Settlement {
  private static final Duration COUNT_EVERY = Duration.ofSeconds(30);

  private final String topic;
  private final StoreTarget target;
  private final KeyPartition keyPartition;
  private final ChunkJudge judge;
  private final Receipts receipts;
  private final TaskMark mark = new TaskMark();
  private final ChunkSpans spans;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private ChunkEntries chunks;
  private RecentCollects collects;
  private PutWindow puts;
  private DeleteWindow deletes;
  private ChunkIntake intake;
  private Orders orders;
  private SettleTimer timer;
  private ChunkMetrics metrics;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  VerifyAndStore(String topic, StoreTarget target, KeyPartition keyPartition) {
    this.topic = topic;
    this.target = target;
    this.keyPartition = keyPartition;
    this.judge = new ChunkJudge(target.codec());
    this.receipts = new Receipts(target.storeId());
    this.spans = new ChunkSpans(target.tracing());
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters =
        new DeadLetters(
            processorContext, ChunkerTopology.SEND_DEAD_LETTERS, target.meters().deadLetters());
    chunks = new ChunkEntries(processorContext.getStateStore(ChunkerTopology.STORED_CHUNKS));
    metrics = new ChunkMetrics(processorContext, target.meters());
    puts = new PutWindow(target.puts(), target.timeout(), target.storeId(), this);
    deletes = new DeleteWindow(target, new Removals(metrics));
    int partition = processorContext.taskId().partition();
    collects =
        new RecentCollects(
            () -> GroupContact.committed(topic, partition),
            SentRecords.of(processorContext)::flush);
    BlobClaims claims = new BlobClaims(context.getStateStore(ChunkerTopology.CLAIMED_BLOBS));
    ClaimOrder claim = new ClaimOrder(claims, deletes, collects, receipts, this::answer);
    intake =
        new ChunkIntake(
            keyPartition, judge, mark, chunks, puts, deletes, claim, receipts, this::answer);
    orders = orders(claim, claims);
    timer = new SettleTimer(processorContext, this::settle);
    // Asked on this thread alone, which is the one that closes the store.
    metrics.knows(chunks.count());
    processorContext.schedule(
        COUNT_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> metrics.knows(chunks.count()));
    if (!target.puts().isPlain()) {
      CommitHook hook = processorContext.getStateStore(ChunkerTopology.PUTS_IN_FLIGHT);
      hook.beforeCommit(this::drain);
    }
  }

  private Orders orders(ClaimOrder claim, BlobClaims claims) {
    return new Orders(
        target.storeId(),
        keyPartition,
        claim,
        new CollectOrder(
            chunks, claims, puts, deletes, collects, GroupContact::polledNanos, metrics::kept),
        new ForgetOrder(chunks, puts),
        new RestoreOrder(judge, chunks, puts, deletes));
  }

  /**
   * Takes one record. A chunk that is not known may still be on its way to the store afterwards.
   *
   * @throws UncheckedIOException if the store did not take this chunk or one before it: no offset
   *     is committed from there on, and the records come again
   */
  @Override
  public void process(Record<byte[], byte[]> record) {
    puts.makeRoom();
    take(record);
    settle();
  }

  private void settle() {
    puts.settle();
    deletes.settle();
    inFlight();
  }

  private void drain() {
    puts.drain();
    deletes.drain();
    inFlight();
  }

  private void inFlight() {
    metrics.inFlight(puts.size());
    if (puts.size() + deletes.size() == 0) {
      timer.stop();
    } else {
      timer.start();
    }
  }

  private void take(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    RecordPosition position = RecordPositions.of(at);
    Received received;
    try {
      received = Received.parse(record.key(), record.value(), position, record.timestamp());
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      // Without an upload there is nobody to send a receipt to.
      deadLetters.send(record, at, String.valueOf(unreadable.getMessage()));
      return;
    }
    mark.pass(at.offset());
    if (received instanceof ReceivedChunk chunk) {
      spans.begin(chunk, record.headers());
      intake.take(chunk, position).ifPresent(fault -> deadLetters.send(record, at, fault));
    } else if (received instanceof ReceivedOrder order) {
      orders.carryOut(order).ifPresent(fault -> deadLetters.send(record, at, fault));
    } else {
      mark.set(at.offset());
    }
  }

  @Override
  public void remember(Digest digest, StoredChunk chunk, Duration took) {
    chunks.remember(digest, chunk, context.currentSystemTimeMs());
    collects.makeDurable(digest);
    metrics.stored(chunk.getStoredSize(), took);
  }

  @Override
  public void answer(PendingReceipt pending) {
    context.forward(
        new Record<>(pending.upload(), pending.receipt(), pending.timestamp()),
        ChunkerTopology.SEND_RECEIPTS);
    spans.answered(pending);
    metrics.answered(
        pending.receipt().getResult(), Integer.toUnsignedLong(pending.receipt().getRawSize()));
  }

  /** Has no effect on Kafka: what the store acknowledges after this is not known of. */
  @Override
  public void close() {
    puts.discard();
    deletes.discard();
    timer.stop();
    spans.discard();
    metrics.close();
  }
}
