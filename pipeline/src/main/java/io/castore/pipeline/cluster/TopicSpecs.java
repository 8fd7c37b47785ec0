package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.MessageLimits;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** How each of the pipeline's topics has to be. */
final class TopicSpecs {
  private static final String FOREVER = "-1";
  private static final Map<String, String> DELETED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  private static final Map<String, String> RETAINED =
      Map.of(TopicConfig.RETENTION_MS_CONFIG, FOREVER, TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);

  /** An upload that has asked in vain for so long has long expired. */
  private static final Duration REQUEST_RETENTION = Duration.ofDays(7);

  /** Longer than an indexer is away. What is not taken up by then is missing from the sources. */
  private static final Duration UPDATE_RETENTION = Duration.ofDays(30);

  private static final Duration STATUS_RETENTION = Duration.ofDays(1);

  /** What a service said is outdated soon; only a segment that is full or old is compacted. */
  private static final Duration STATUS_SEGMENT = Duration.ofMinutes(10);

  /** Space comes back by whole segments, of which a partition keeps one at least. */
  private static final int CHUNK_SEGMENT_BYTES = 256 << 20;

  /** Eight partitions of this stay below the tail that an embedded system keeps. */
  private static final int EMBEDDED_CHUNK_SEGMENT_BYTES = 16 << 20;

  private TopicSpecs() {}

  static List<TopicSpec> of(CastoreConfig config, boolean embedded) {
    Topics topics = config.topics();
    MessageLimits limits = config.messageLimits();
    int ofChunks = config.chunkPartitions();
    int ofUploads = config.uploadPartitions();
    return List.of(
        chunks(config, embedded),
        spec(
            topics.chunksDlq(),
            ofChunks,
            retained(),
            atMostBytes(limits.deadLetterMaxMessageBytes())),
        spec(topics.uploads(), ofUploads, retained(), Map.of()),
        spec(topics.chunkReceipts(), ofUploads, retained(), Map.of()),
        new TopicSpec(
            topics.chunkRequests().name(),
            ofUploads,
            DELETED,
            Map.of(),
            Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(REQUEST_RETENTION))),
        spec(
            topics.eventsDlq(),
            ofUploads,
            retained(),
            atMostBytes(limits.deadLetterMaxMessageBytes())),
        spec(topics.uploadStatus(), ofUploads, COMPACTED, Map.of()),
        new TopicSpec(
            topics.sourceUpdates().name(),
            ofUploads,
            DELETED,
            Map.of(),
            Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(UPDATE_RETENTION))),
        spec(topics.sources(), ofUploads, COMPACTED, Map.of()),
        spec(topics.roots(), 1, COMPACTED, Map.of()),
        new TopicSpec(topics.services().name(), 1, Map.of(), Map.of(), serviceStatus()),
        spec(topics.stateOwners(), 1, COMPACTED, Map.of()),
        spec(topics.reports(), 1, COMPACTED, Map.of()));
  }

  private static TopicSpec chunks(CastoreConfig config, boolean embedded) {
    Map<String, String> preferred =
        new HashMap<>(
            Map.of(
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(embedded ? EMBEDDED_CHUNK_SEGMENT_BYTES : CHUNK_SEGMENT_BYTES)));
    preferred.putAll(RETAINED);
    return new TopicSpec(
        config.topics().chunks().name(),
        config.chunkPartitions(),
        // Compacted, it would forget the other uploads of the same digest, whatever is allowed.
        config.allowsChunkRetention() ? DELETED : retained(),
        atMostBytes(config.messageLimits().topicMaxMessageBytes()),
        preferred);
  }

  private static TopicSpec spec(
      Topic<?, ?> topic,
      int partitions,
      Map<String, String> required,
      Map<String, Integer> minimums) {
    return new TopicSpec(topic.name(), partitions, required, minimums, Map.of());
  }

  private static Map<String, String> retained() {
    Map<String, String> settings = new HashMap<>(DELETED);
    settings.putAll(RETAINED);
    return settings;
  }

  private static Map<String, String> serviceStatus() {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        millis(STATUS_RETENTION),
        TopicConfig.SEGMENT_MS_CONFIG,
        millis(STATUS_SEGMENT));
  }

  private static Map<String, Integer> atMostBytes(int messageBytes) {
    return Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, messageBytes);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
