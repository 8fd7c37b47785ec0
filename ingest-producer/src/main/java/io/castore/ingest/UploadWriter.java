package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import io.opentelemetry.api.trace.Span;
import java.util.function.Consumer;

/**
 * Writes what is to be said of uploads into Kafka. Each call may wait for room in the producer's
 * buffer, and throws a {@link org.apache.kafka.common.KafkaException} or an {@link
 * IllegalStateException} where nothing can be written any more. A record belongs to the trace that
 * is given, where it is one.
 *
 * <p>Safe for use by many threads.
 */
final class UploadWriter {
  private final Topics topics;
  private final RecordSender sender;
  private final Runnable onAcknowledged;
  private final Consumer<Digest> onChunkLost;
  private final Consumer<Exception> onFailed;

  /**
   * Writes through a sender, which belongs to the caller. What it tells of comes on the producer's
   * own thread, which must not wait for what it does itself.
   *
   * @param onAcknowledged told that Kafka has taken something
   * @param onChunkLost told of a chunk that did not come to Kafka, as far as is known
   * @param onFailed told after that, and of whatever else did not come to Kafka
   */
  UploadWriter(
      Topics topics,
      RecordSender sender,
      Runnable onAcknowledged,
      Consumer<Digest> onChunkLost,
      Consumer<Exception> onFailed) {
    this.topics = topics;
    this.sender = sender;
    this.onAcknowledged = onAcknowledged;
    this.onChunkLost = onChunkLost;
    this.onFailed = onFailed;
  }

  /** Is told where a chunk record stands, on the producer's own thread. */
  @FunctionalInterface
  interface Arrival {
    /** It stands at an offset of a partition; the offset is -1 where Kafka has not told. */
    void arrived(int partition, long offset);
  }

  void opened(UploadId id, UploadEvent.Opened opened, Span trace) {
    send(id, UploadEvent.newBuilder().setOpened(opened), trace);
  }

  /** Does the same as {@link #opened} and {@link #sealed}, in one record. */
  void whole(UploadId id, UploadEvent.Opened opened, UploadEvent.Sealed content, Span trace) {
    UploadEvent.Whole whole =
        UploadEvent.Whole.newBuilder().setOpened(opened).setSealed(content).build();
    send(id, UploadEvent.newBuilder().setWhole(whole), trace);
  }

  void sealed(UploadId id, UploadEvent.Sealed content, Span trace) {
    send(id, UploadEvent.newBuilder().setSealed(content), trace);
  }

  void aborted(UploadId id, String reason) {
    send(
        id,
        UploadEvent.newBuilder().setAborted(UploadEvent.Aborted.newBuilder().setReason(reason)),
        Span.getInvalid());
  }

  private void send(UploadId id, UploadEvent.Builder event, Span trace) {
    sender.send(
        topics.uploads(),
        id,
        event.build(),
        trace,
        (at, failure) -> {
          if (failure == null) {
            onAcknowledged.run();
          } else {
            onFailed.accept(failure);
          }
        });
  }

  void chunk(Digest digest, ChunkRecord chunk, Span trace, Arrival arrival) {
    sender.send(
        topics.chunks(),
        digest,
        chunk,
        trace,
        (at, failure) -> {
          if (failure == null) {
            onAcknowledged.run();
            arrival.arrived(at.partition(), at.hasOffset() ? at.offset() : -1);
          } else {
            onChunkLost.accept(digest);
            onFailed.accept(failure);
          }
        });
  }
}
