package io.castore.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.streams.RecordPositions;
import io.castore.pipeline.streams.commit.CommitHook;
import io.castore.pipeline.streams.commit.SentRecords;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Hands upload events and receipts to an {@link IndexTask}, and sends what it says on. */
final class GatherUploads implements Processor<byte[], byte[], Object, Object>, Outlet {
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  /** How long an upload whose blob is durable, or that has ended otherwise, waits to be told so. */
  static final Duration TICK = Duration.ofMillis(50);

  private final Topics topics;
  private final IndexPorts ports;
  private final Commits commits;
  private final PublishingSpans spans;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private SentRecords sent;
  private IndexTask task;

  GatherUploads(Topics topics, IndexPorts ports) {
    this(
        topics,
        ports,
        (context, action) ->
            context.<CommitHook>getStateStore(IndexTopology.BRIEF_UPLOADS).beforeCommit(action));
  }

  /** Makes one whose commits are somebody else's. */
  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  GatherUploads(Topics topics, IndexPorts ports, Commits commits) {
    this.topics = topics;
    this.ports = ports;
    this.commits = commits;
    this.spans = new PublishingSpans(ports.tracing());
  }

  /** The commits of a task. */
  @FunctionalInterface
  interface Commits {
    /** Has an action run in each of them, before the offsets are committed. */
    void before(ProcessorContext<Object, Object> context, Runnable action);
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters =
        new DeadLetters(
            processorContext, IndexTopology.SEND_DEAD_LETTERS, ports.meters().deadLetters());
    sent = SentRecords.of(processorContext);
    task =
        new IndexTask(
            new IndexTask.Stores(
                processorContext.getStateStore(IndexTopology.UPLOADS),
                processorContext.getStateStore(IndexTopology.UPLOAD_CHUNKS),
                processorContext.getStateStore(IndexTopology.DEADLINES)),
            ports,
            this,
            processorContext.stateDir().toPath(),
            processorContext::currentSystemTimeMs);
    commits.before(processorContext, task::beforeCommit);
    processorContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> task.tick());
    processorContext.schedule(
        REPORT_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> task.report());
  }

  /**
   * Takes one record.
   *
   * @throws UncheckedIOException if the store gave no answer, for this upload or for another one.
   *     The record's offset is not committed then, and it comes again
   */
  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    try {
      take(
          id(Objects.requireNonNullElse(record.key(), new byte[0])),
          Objects.requireNonNullElse(record.value(), new byte[0]),
          record.headers(),
          at);
    } catch (InvalidProtocolBufferException | UnusableRecordException unusable) {
      deadLetters.send(record, at, String.valueOf(unusable.getMessage()));
    }
  }

  private static UploadId id(byte[] key) throws UnusableRecordException {
    try {
      return UploadId.of(key);
    } catch (IllegalArgumentException noId) {
      throw new UnusableRecordException(String.valueOf(noId.getMessage()), noId);
    }
  }

  private void take(UploadId id, byte[] value, Headers headers, RecordMetadata at)
      throws InvalidProtocolBufferException, UnusableRecordException {
    if (at.topic().equals(topics.uploads().name())) {
      UploadEvent event = UploadEvent.parseFrom(value);
      if (UploadEvents.isSealed(event)) {
        spans.sealed(id, headers);
      }
      task.take(id, event, RecordPositions.of(at));
    } else {
      task.take(id, ChunkReceipt.parseFrom(value), RecordPositions.of(at));
    }
  }

  /** Tells the status, and of a complete upload what has become of its source. */
  @Override
  public void tell(UploadId id, UploadStatus status) {
    send(id, status, IndexTopology.SEND_STATUS);
    spans.told(id, status);
    CompletedSource.of(id, status, ports.storeId())
        .ifPresent(entry -> send(status.getSource(), entry, IndexTopology.SEND_UPDATES));
  }

  @Override
  public void flush() {
    sent.flush();
  }

  @Override
  public void claim(UploadId id, Digest blob) {
    send(
        blob,
        chunkRecord(id).setClaim(ChunkRecord.Claim.getDefaultInstance()).build(),
        IndexTopology.SEND_TO_CHUNKER);
  }

  @Override
  public void refer(UploadId id, long seq, Digest digest, int rawSize) {
    send(
        digest,
        chunkRecord(id)
            .setSeq(seq)
            .setRawSize(rawSize)
            .setReference(ChunkRecord.Reference.getDefaultInstance())
            .build(),
        IndexTopology.SEND_TO_CHUNKER);
  }

  private static ChunkRecord.Builder chunkRecord(UploadId id) {
    return ChunkRecord.newBuilder().setUploadId(ByteString.copyFrom(id.toBytes()));
  }

  @Override
  public void ask(UploadId id, ChunkRequest request) {
    send(id, request, IndexTopology.SEND_REQUESTS);
  }

  private void send(Object key, Object value, String sink) {
    context.forward(new Record<>(key, value, context.currentSystemTimeMs()), sink);
  }

  @Override
  public void close() {
    task.close();
  }
}
