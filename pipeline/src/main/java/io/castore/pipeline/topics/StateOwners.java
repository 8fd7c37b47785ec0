package io.castore.pipeline.topics;

import io.castore.pipeline.config.CastoreConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Ties the state in a Kafka cluster to one store. What a topology remembers as stored is true for
 * one store only: asked to work for another, or for one that was emptied, it would publish blobs
 * whose chunks are not there.
 */
public final class StateOwners {
  private static final String KEY = "store-id";

  private final CastoreConfig config;
  private final Topic<String, String> topic;

  /** The topic must exist. */
  public StateOwners(CastoreConfig config) {
    this.config = config;
    this.topic = config.topics().stateOwners();
  }

  /**
   * Claims the state for a store, the first time, and afterwards makes sure that it is still that
   * store.
   *
   * @param storeId identity of the store
   * @param storeUrl how a person names the store
   * @throws StoreMismatchException if the state belongs to another store
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public void claim(String storeId, String storeUrl)
      throws StoreMismatchException, InterruptedException {
    String owner = owners().get(KEY);
    if (owner == null) {
      write(storeId);
      // Of two processes that claim at once for two stores, the one whose record is older has lost.
      owner = owners().get(KEY);
    }
    if (!storeId.equals(owner)) {
      throw new StoreMismatchException(
          "the deduplication state under topics.prefix=%s belongs to the store with identity %s, not to %s (identity %s): "
                  .formatted(config.topics().prefix(), owner, storeUrl, storeId)
              + "that store was emptied or replaced, or another one is meant. "
              + "Choose another --data-dir (or topics.prefix) for this store, or name the right store with --store");
    }
  }

  private Map<String, String> owners() {
    Map<String, String> owners = new HashMap<>();
    try (TopicTail<String, String> tail = new TopicTail<>(config, topic)) {
      tail.readToEnd(owners::put);
    }
    return owners;
  }

  private void write(String storeId) throws InterruptedException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            config.kafkaClient(), topic.keys().serializer(), topic.values().serializer())) {
      producer.send(new ProducerRecord<>(topic.name(), KEY, storeId)).get();
    } catch (ExecutionException failed) {
      throw new KafkaException("cannot write to topic " + topic, failed.getCause());
    }
  }
}
