package io.castore.index;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.streams.RecordPositions;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Hands upload events and receipts to the {@link UploadGatherer}, and sends on what it says of the
 * uploads.
 */
final class GatherUploads implements Processor<byte[], byte[], Object, Object> {
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_EXPIRE_INTERVAL = Duration.ofSeconds(30);

  private final Topics topics;
  private final ObjectStore store;
  private final String storeId;
  private final Duration expiry;

  private ProcessorContext<Object, Object> context;
  private DeadLetters deadLetters;
  private UploadGatherer gatherer;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  GatherUploads(Topics topics, ObjectStore store, String storeId, Duration expiry) {
    this.topics = topics;
    this.store = store;
    this.storeId = storeId;
    this.expiry = expiry;
  }

  @Override
  public void init(ProcessorContext<Object, Object> processorContext) {
    context = processorContext;
    deadLetters = new DeadLetters(processorContext, IndexTopology.SEND_DEAD_LETTERS);
    gatherer =
        new UploadGatherer(
            processorContext.getStateStore(IndexTopology.UPLOADS),
            new ChunkRows(processorContext.getStateStore(IndexTopology.UPLOAD_CHUNKS)),
            new Deadlines(processorContext.getStateStore(IndexTopology.DEADLINES)),
            new BlobPublisher(store),
            storeId,
            expiry,
            processorContext::currentSystemTimeMs);
    processorContext.schedule(
        REPORT_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> report(gatherer.changes()));
    Duration often = expiry.dividedBy(4);
    processorContext.schedule(
        often.compareTo(LONGEST_EXPIRE_INTERVAL) < 0 ? often : LONGEST_EXPIRE_INTERVAL,
        PunctuationType.WALL_CLOCK_TIME,
        now -> report(gatherer.expire()));
  }

  private void report(List<UploadGatherer.Change> changes) {
    changes.forEach(change -> send(change.id(), change.status()));
  }

  /**
   * Takes one record.
   *
   * @throws UncheckedIOException if the store gave no answer: the record's offset is not committed
   *     then, and it comes again
   */
  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    try {
      UploadId id = UploadId.of(Objects.requireNonNullElse(record.key(), new byte[0]));
      byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
      take(id, value, at).ifPresent(status -> send(id, status));
    } catch (InvalidProtocolBufferException | IllegalArgumentException unusable) {
      deadLetters.send(record, at, String.valueOf(unusable.getMessage()));
    } catch (IOException notPublished) {
      throw new UncheckedIOException(notPublished);
    }
  }

  private Optional<UploadStatus> take(UploadId id, byte[] value, RecordMetadata at)
      throws IOException {
    return at.topic().equals(topics.uploads().name())
        ? gatherer.take(id, UploadEvent.parseFrom(value), RecordPositions.of(at))
        : gatherer.take(id, ChunkReceipt.parseFrom(value), RecordPositions.of(at));
  }

  private void send(UploadId id, UploadStatus status) {
    context.forward(
        new Record<>(id, status, context.currentSystemTimeMs()), IndexTopology.SEND_STATUS);
  }
}
