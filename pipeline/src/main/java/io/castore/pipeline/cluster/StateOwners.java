package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

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
   * Tells which store the state belongs to.
   *
   * @return its identity, or empty where nobody has claimed the state yet
   * @throws KafkaException if Kafka cannot be reached
   */
  public Optional<String> owner() {
    AtomicReference<@Nullable String> newest = new AtomicReference<>();
    read((key, storeId) -> newest.set(storeId));
    return Optional.ofNullable(newest.get());
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
    Optional<String> owner = owner();
    if (owner.isEmpty()) {
      write(storeId);
      // Of several processes that claim at once for several stores, the first wins, and the others
      // put that right.
      owner = first();
      if (!owner.equals(Optional.of(storeId))) {
        write(owner.orElse(storeId));
      }
    }
    if (!owner.equals(Optional.of(storeId))) {
      throw new StoreMismatchException(
          "the deduplication state under topics.prefix=%s belongs to the store with identity %s, not to %s (identity %s): "
                  .formatted(config.topics().prefix(), owner.orElse("none"), storeUrl, storeId)
              + "that store was emptied or replaced, or another one is meant. "
              + "Name the right store with --store, choose another --data-dir (or topics.prefix) for this one, "
              + "or give the state up with --reset-state");
    }
  }

  /**
   * Gives the state to a store, whichever it belonged to.
   *
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public void assign(String storeId) throws InterruptedException {
    write(storeId);
  }

  private Optional<String> first() {
    List<String> claims = new ArrayList<>();
    read((key, storeId) -> claims.add(storeId));
    return claims.stream().findFirst();
  }

  private void read(TopicTail.Visitor<String, String, RuntimeException> visitor) {
    try (TopicTail<String, String> tail = new TopicTail<>(config, topic)) {
      tail.readToEnd(visitor);
    }
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
