package io.castore.chunker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Notes when a stream thread last got records from its consumer group, and what it has committed.
 * Kafka Streams tells neither to a processor. Kafka calls this as an interceptor of the consumer,
 * on the stream thread.
 *
 * <p>What it notes belongs to the thread, and can be asked for there alone.
 */
public final class GroupContact implements ConsumerInterceptor<Object, Object> {
  private static final ThreadLocal<Noted> NOTED = ThreadLocal.withInitial(Noted::new);

  private static final class Noted {
    private @Nullable Long polledNanos;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
  }

  /** For Kafka, which makes one for each consumer. */
  public GroupContact() {}

  /**
   * Has the consumers of a topology noted.
   *
   * @return for how long a thread may take itself for the owner of its partitions after it got
   *     records: the group takes them away when no heartbeat came for a session timeout, and the
   *     last one was sent a heartbeat interval before at most
   */
  static Duration follow(Properties settings) {
    String interceptors = setting(settings, ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, "");
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
        interceptors.isEmpty()
            ? GroupContact.class.getName()
            : interceptors + "," + GroupContact.class.getName());
    long sessionMs =
        Long.parseLong(setting(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "45000"));
    long heartbeatMs =
        Long.parseLong(setting(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "3000"));
    return Duration.ofMillis(Math.max(sessionMs - heartbeatMs, sessionMs / 2));
  }

  private static String setting(Properties settings, String key, String otherwise) {
    return Stream.of(StreamsConfig.mainConsumerPrefix(key), StreamsConfig.consumerPrefix(key), key)
        .filter(settings::containsKey)
        .map(settings::get)
        .map(String::valueOf)
        .findFirst()
        .orElse(otherwise);
  }

  /**
   * Tells when this thread last got records, by {@link System#nanoTime}. Where that was not noted,
   * it is now.
   */
  static long polledNanos() {
    Long polled = NOTED.get().polledNanos;
    return polled == null ? System.nanoTime() : polled;
  }

  /** Tells the offset that this thread has last committed of a partition, or 0. */
  static long committed(String topic, int partition) {
    return NOTED.get().committed.getOrDefault(new TopicPartition(topic, partition), 0L);
  }

  @Override
  public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
    NOTED.get().polledNanos = System.nanoTime();
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, Long> committed = NOTED.get().committed;
    offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
  }

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
