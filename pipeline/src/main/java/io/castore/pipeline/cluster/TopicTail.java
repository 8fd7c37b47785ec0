package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a whole topic from its earliest record on, without a consumer group and so without leaving
 * a trace.
 *
 * <p>Not thread-safe, but for {@link #wakeUp}.
 */
public final class TopicTail<K, V> implements AutoCloseable {
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Topic<K, V> topic;
  private final KafkaConsumer<K, V> consumer;
  private final List<TopicPartition> partitions;

  /**
   * Opens a topic, which has to exist.
   *
   * @throws KafkaException if Kafka cannot be reached
   */
  public TopicTail(CastoreConfig config, Topic<K, V> topic) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(settings, topic.keys().deserializer(), topic.values().deserializer());
    partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Takes records. */
  @FunctionalInterface
  public interface Visitor<K, V, E extends Exception> {
    /**
     * Takes the next record of its partition. An exception ends the reading and reaches its caller.
     */
    void visit(K key, V value) throws E;
  }

  /**
   * Visits every record up to what is now the topic's end.
   *
   * @throws KafkaException if Kafka cannot be reached, or gives nothing for a minute
   */
  public <E extends Exception> void readToEnd(Visitor<K, V, E> visitor) throws E {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, STALL_TIMEOUT);
    long deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey(), STALL_TIMEOUT) < end.getValue())) {
      if (readMore(visitor)) {
        deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "topic %s gave nothing for %d s, before its end"
                .formatted(topic, STALL_TIMEOUT.toSeconds()));
      }
    }
  }

  /**
   * Visits the records that have come since, after waiting for some for a second at most.
   *
   * @return whether there were any
   * @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeUp}
   */
  public <E extends Exception> boolean readMore(Visitor<K, V, E> visitor) throws E {
    boolean any = false;
    for (ConsumerRecord<K, V> record : consumer.poll(POLL)) {
      visitor.visit(record.key(), record.value());
      any = true;
    }
    return any;
  }

  /** Ends a read that another thread is in. */
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    // Not to wait for the answer to the fetch that is under way, which takes half a second.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
