package io.castore.pipeline.log;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads parts of a topic, with the place of each record, without a consumer group and so without
 * leaving a trace.
 *
 * <p>Not thread-safe.
 */
public final class TopicScan<K, V> implements AutoCloseable {
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final String topic;
  private final KafkaConsumer<K, V> consumer;
  private final List<TopicPartition> partitions;

  private TopicScan(
      CastoreConfig config, String topic, Deserializer<K> keys, Deserializer<V> values) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, config.messageLimits().consumerFetchBytes());
    settings.putAll(config.kafkaClient());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer = new KafkaConsumer<>(settings, keys, values);
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    // All of them all the time: the consumer complains when it is asked for the end of another.
    consumer.assign(partitions);
  }

  /**
   * Opens a topic, which has to exist.
   *
   * @throws KafkaException if Kafka cannot be reached
   */
  public static <K, V> TopicScan<K, V> open(CastoreConfig config, Topic<K, V> topic) {
    return new TopicScan<>(
        config, topic.name(), topic.keys().deserializer(), topic.values().deserializer());
  }

  /**
   * Opens a topic whose records may be none that can be read, with other deserializers than its
   * own.
   *
   * @throws KafkaException if Kafka cannot be reached
   */
  public static <K, V> TopicScan<K, V> open(
      CastoreConfig config, Topic<?, ?> topic, Deserializer<K> keys, Deserializer<V> values) {
    return new TopicScan<>(config, topic.name(), keys, values);
  }

  /** Takes records. */
  @FunctionalInterface
  public interface Visitor<K, V, E extends Exception> {
    /**
     * Takes the next record of its partition. An exception ends the reading and reaches its caller.
     */
    void visit(ConsumerRecord<K, V> record) throws E;
  }

  /** How many partitions the topic has. */
  public int partitions() {
    return partitions.size();
  }

  /** Gives the offset of each partition's first record, by partition. */
  public Map<Integer, Long> beginnings() {
    return byPartition(consumer.beginningOffsets(partitions, STALL_TIMEOUT));
  }

  /** Gives the offset after each partition's last record, by partition. */
  public Map<Integer, Long> ends() {
    return byPartition(consumer.endOffsets(partitions, STALL_TIMEOUT));
  }

  /**
   * Gives the offset of each partition's first record of that time or later, by partition; its end
   * where there is none.
   */
  public Map<Integer, Long> offsetsAt(Instant time) {
    Map<Integer, Long> offsets = ends();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
        consumer.offsetsForTimes(times, STALL_TIMEOUT).entrySet()) {
      if (found.getValue() != null) {
        offsets.put(found.getKey().partition(), found.getValue().offset());
      }
    }
    return offsets;
  }

  /**
   * Visits every record from one offset of each partition on to before another; those that are not
   * there any more are passed over.
   *
   * @param from by partition; from the first record on where one is missing
   * @param to by partition; nothing is read where one is missing
   * @throws KafkaException if Kafka cannot be reached, or gives nothing for a minute
   */
  public <E extends Exception> void read(
      Map<Integer, Long> from, Map<Integer, Long> to, Visitor<K, V, E> visitor) throws E {
    Map<Integer, Long> beginnings = beginnings();
    Map<TopicPartition, Long> ends = new HashMap<>();
    consumer.pause(partitions);
    for (TopicPartition partition : partitions) {
      long first = Objects.requireNonNull(beginnings.get(partition.partition()));
      long start = Math.max(first, from.getOrDefault(partition.partition(), first));
      long end = to.getOrDefault(partition.partition(), start);
      consumer.seek(partition, start);
      if (start < end) {
        ends.put(partition, end);
      }
    }
    consumer.resume(ends.keySet());
    long deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
    while (!ends.isEmpty()) {
      ConsumerRecords<K, V> records = consumer.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        long end = ends.getOrDefault(partition, 0L);
        for (ConsumerRecord<K, V> record : records.records(partition)) {
          if (record.offset() < end) {
            visitor.visit(record);
          }
        }
      }
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "topic %s gave nothing for %d s, before its end"
                .formatted(topic, STALL_TIMEOUT.toSeconds()));
      }
      Set<TopicPartition> read =
          ends.keySet().stream()
              .filter(
                  partition ->
                      consumer.position(partition, STALL_TIMEOUT)
                          >= Objects.requireNonNull(ends.get(partition)))
              .collect(Collectors.toSet());
      consumer.pause(read);
      ends.keySet().removeAll(read);
    }
  }

  /** Visits every record that is there now. Throws what {@link #read} does. */
  public <E extends Exception> void readAll(Visitor<K, V, E> visitor) throws E {
    read(Map.of(), ends(), visitor);
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> byPartition = new HashMap<>();
    offsets.forEach((partition, offset) -> byPartition.put(partition.partition(), offset));
    return byPartition;
  }

  @Override
  public void close() {
    // Not to wait for the answer to the fetch that is under way, which takes half a second.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
