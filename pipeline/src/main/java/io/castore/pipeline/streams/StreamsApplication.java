package io.castore.pipeline.streams;

import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import java.util.List;
import java.util.stream.Stream;

/**
 * A topology as Kafka knows it.
 *
 * @param id its application id: the name of its consumer group, and what the names of its changelog
 *     topics and its local state start with
 * @param sources names of the topics that it reads
 */
public record StreamsApplication(String id, List<String> sources) {
  private static final int STORE_ID_CHARACTERS = 8;

  /**
   * Names an application for one store. What its state says of a chunk is true for that store
   * alone, so another store gets another application, with a state of its own.
   *
   * @param noun what it is called among the others: {@code chunker}
   */
  public static StreamsApplication of(
      Topics topics, String noun, String storeId, Topic<?, ?>... sources) {
    String store = storeId.substring(0, Math.min(STORE_ID_CHARACTERS, storeId.length()));
    return new StreamsApplication(
        topics.prefix() + noun + "-" + store, Stream.of(sources).map(Topic::name).toList());
  }

  /** What the names of its changelog topics start with. */
  String changelogPrefix() {
    return id + "-";
  }
}
