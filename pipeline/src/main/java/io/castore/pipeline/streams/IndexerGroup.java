package io.castore.pipeline.streams;

import io.castore.pipeline.topics.Topics;

/** Names the consumer group of the indexer, for who looks how far it has come. */
public final class IndexerGroup {
  private static final String NOUN = "indexer";

  private IndexerGroup() {}

  /** How Kafka knows the publishing topology that works for a store. */
  public static StreamsApplication application(Topics topics, String storeId) {
    return StreamsApplication.of(
        topics, NOUN, storeId, topics.uploads(), topics.chunkReceipts(), topics.sourceUpdates());
  }
}
