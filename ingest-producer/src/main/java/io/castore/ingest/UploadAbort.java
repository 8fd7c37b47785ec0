package io.castore.ingest;

import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Gives up an upload that somebody else has begun. */
public final class UploadAbort {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private UploadAbort() {}

  /**
   * Aborts an upload, unless it has ended, and waits for its end for at most a minute.
   *
   * @param reason for people who look at the upload
   * @return its final status: ABORTED, or what it had come to before
   * @throws PipelineUnavailableException if Kafka cannot be used, or no indexer answers
   * @throws IllegalArgumentException if nothing is known of such an upload
   */
  public static UploadStatus abort(CastoreConfig config, UploadId id, String reason)
      throws PipelineUnavailableException {
    AtomicReference<@Nullable UploadStatus> newest = new AtomicReference<>();
    try (TopicTail<UploadId, UploadStatus> statuses =
            new TopicTail<>(config, config.topics().uploadStatus());
        RecordSender sender = RecordSender.open(config)) {
      TopicTail.Visitor<UploadId, UploadStatus, RuntimeException> visitor =
          (upload, status) -> {
            if (upload.equals(id)) {
              newest.set(status);
            }
          };
      statuses.readToEnd(visitor);
      if (newest.get() == null) {
        throw new IllegalArgumentException("no upload " + id + " is known");
      }
      sender.send(
          config.topics().uploads(),
          id,
          UploadEvent.newBuilder()
              .setAborted(UploadEvent.Aborted.newBuilder().setReason(reason))
              .build(),
          (at, failure) -> {});
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      UploadStatus status = newest.get();
      while (!UploadStates.isFinal(status.getState())) {
        if (System.nanoTime() > deadline) {
          throw new PipelineUnavailableException(
              "upload %s did not end in %d s: is an indexer running?"
                  .formatted(id, TIMEOUT.toSeconds()),
              null);
        }
        statuses.readMore(visitor);
        status = newest.get();
      }
      return status;
    } catch (KafkaException unusable) {
      throw new PipelineUnavailableException(
          "Kafka cannot be used: " + unusable.getMessage(), unusable);
    }
  }
}
