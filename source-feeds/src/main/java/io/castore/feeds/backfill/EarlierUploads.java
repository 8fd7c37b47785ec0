package io.castore.feeds.backfill;

import io.castore.content.digest.Digest;
import io.castore.feeds.KnownSources;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Waits for the uploads that an earlier job, perhaps one that was killed, had sent whole: they end
 * in the pipeline by themselves, and what they bring need not be read again.
 *
 * <p>Memory is that of the ids of the uploads that were sent whole and have not ended, and of those
 * of the last two minutes.
 */
public final class EarlierUploads {
  /** What was sent or ended within so long, the pipeline may not have told of everywhere. */
  private static final Duration LATELY = Duration.ofMinutes(2);

  private final KnownSources known;
  private final Instant lately = Instant.now().minus(LATELY);
  private final Set<UploadId> sealed = new HashSet<>();

  private EarlierUploads(KnownSources known) {
    this.known = known;
  }

  /**
   * Waits until they have ended, or nothing was heard of them for as long as an ingest waits.
   *
   * @param known learns of the sources that are complete
   * @param onWait told once what is waited for, if anything is
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used
   */
  public static void await(CastoreConfig config, KnownSources known, Consumer<String> onWait) {
    new EarlierUploads(known).await(config, onWait);
  }

  private void await(CastoreConfig config, Consumer<String> onWait) {
    try (TopicScan<UploadId, UploadEvent> events =
        TopicScan.open(config, config.topics().uploads())) {
      events.<RuntimeException>read(
          events.offsetsAt(lately),
          events.ends(),
          event -> {
            if (UploadEvents.isSealed(event.value())) {
              sealed.add(event.key());
            }
          });
    }
    try (TopicTail<UploadId, UploadStatus> statuses =
        new TopicTail<>(config, config.topics().uploadStatus())) {
      statuses.<RuntimeException>readToEnd(this::take);
      if (!sealed.isEmpty()) {
        onWait.accept(
            "waiting for %d uploads that were sent before to be stored".formatted(sealed.size()));
      }
      long heardAtNanos = System.nanoTime();
      while (!sealed.isEmpty()
          && System.nanoTime() - heardAtNanos < config.ingestStallTimeout().toNanos()) {
        int before = sealed.size();
        boolean unused = statuses.<RuntimeException>readMore(this::take);
        if (sealed.size() < before) {
          heardAtNanos = System.nanoTime();
        }
      }
    }
  }

  private void take(UploadId id, UploadStatus status) {
    if (!UploadStates.isFinal(status.getState())) {
      if (status.getState() == UploadStatus.State.SEALED) {
        sealed.add(id);
      }
      return;
    }
    boolean awaited = sealed.remove(id);
    boolean late = awaited || status.getUpdatedAtMs() >= lately.toEpochMilli();
    if (late && status.getState() == UploadStatus.State.COMPLETE && status.hasSourceVersion()) {
      known.complete(
          status.getSource(),
          status.getSourceVersion(),
          Digest.of(status.getBlobDigest().toByteArray()),
          status.getOpenedAtMs(),
          status.getUpdatedAtMs());
    }
  }
}
