package io.castore.audit.log;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.topics.Topic;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic and passes over records that are none of its own: what a foreign producer wrote
 * there is in a dead letter queue, and is no reason to audit nothing.
 *
 * <p>Not thread-safe.
 */
public final class LogScan<K, V> implements AutoCloseable {
  private final TopicScan<Optional<K>, Optional<V>> scan;

  private LogScan(TopicScan<Optional<K>, Optional<V>> scan) {
    this.scan = scan;
  }

  /**
   * Opens a topic, which has to exist.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public static <K, V> LogScan<K, V> open(CastoreConfig config, Topic<K, V> topic) {
    return new LogScan<>(
        TopicScan.open(
            config,
            topic,
            lenient(topic.keys().deserializer()),
            lenient(topic.values().deserializer())));
  }

  /** Takes records. */
  @FunctionalInterface
  public interface Visitor<K, V, E extends Exception> {
    /**
     * Takes the next record of its partition; an exception ends the reading and reaches its caller.
     *
     * @param value null in a tombstone
     * @param at where the record stands, and when it was written
     */
    void visit(K key, @Nullable V value, ConsumerRecord<?, ?> at) throws E;
  }

  /** The topic itself, for its offsets. */
  public TopicScan<?, ?> offsets() {
    return scan;
  }

  /** Visits the records from one offset of each partition on to before another, by partition. */
  public <E extends Exception> void read(
      Map<Integer, Long> from, Map<Integer, Long> to, Visitor<K, V, E> visitor) throws E {
    scan.<E>read(from, to, record -> visit(record, visitor));
  }

  /** Visits every record that is there now. */
  public <E extends Exception> void readAll(Visitor<K, V, E> visitor) throws E {
    scan.<E>readAll(record -> visit(record, visitor));
  }

  private static <K, V, E extends Exception> void visit(
      ConsumerRecord<@Nullable Optional<K>, @Nullable Optional<V>> record, Visitor<K, V, E> visitor)
      throws E {
    Optional<K> key = record.key();
    Optional<V> value = record.value();
    boolean isReadable = key != null && key.isPresent() && (value == null || value.isPresent());
    if (isReadable) {
      visitor.visit(key.get(), value == null ? null : value.get(), record);
    }
  }

  private static <T> Deserializer<Optional<T>> lenient(Deserializer<T> strict) {
    return (topic, bytes) -> {
      try {
        return Optional.ofNullable(strict.deserialize(topic, bytes));
      } catch (SerializationException foreign) {
        return Optional.empty();
      }
    };
  }

  @Override
  public void close() {
    scan.close();
  }
}
