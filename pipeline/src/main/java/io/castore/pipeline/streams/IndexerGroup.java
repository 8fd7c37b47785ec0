package io.castore.pipeline.streams;

import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topics;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** Names, or finds, the consumer group of the indexer, for who looks how far it has come. */
public final class IndexerGroup {
  private static final String NOUN = "indexer";

  private IndexerGroup() {}

  /** How Kafka knows the publishing topology that works for a store. */
  public static StreamsApplication application(Topics topics, String storeId) {
    return StreamsApplication.of(
        topics, NOUN, storeId, topics.uploads(), topics.chunkReceipts(), topics.sourceUpdates());
  }

  /**
   * Looks which store the state in Kafka belongs to, and names the group that works for it.
   *
   * @return the group, or empty where no service has ever run
   * @throws KafkaException if Kafka cannot be reached
   */
  public static Optional<String> find(CastoreConfig config) {
    return new StateOwners(config)
        .owner()
        .map(storeId -> application(config.topics(), storeId).id());
  }
}
