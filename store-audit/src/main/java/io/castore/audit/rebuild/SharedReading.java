package io.castore.audit.rebuild;

import static io.castore.pipeline.cluster.AdminCalls.await;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.GroupOffsets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic with a consumer group, so that several processes share its partitions, and one that
 * takes over goes on where the one before has committed.
 *
 * <p>Used once, by one thread.
 */
final class SharedReading implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(3);
  private static final int RECORDS_AT_A_TIME = 64;

  private final String group;
  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final GroupOffsets offsets;

  /** Joins a group. The topic has to exist. */
  SharedReading(CastoreConfig config, String group, String topic) {
    this.group = group;
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, config.messageLimits().consumerFetchBytes());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_A_TIME);
    settings.putAll(config.kafkaClient());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    admin = Admin.create(config.kafkaClient());
    offsets = new GroupOffsets(admin, group, topic);
  }

  /** Takes records. */
  interface Visitor {
    /** Takes the next record of its partition. */
    void visit(ConsumerRecord<byte[], byte[]> record) throws IOException;

    /** Returns when all that was taken is done with, so that it never has to come again. */
    void settle() throws IOException;
  }

  /**
   * Reads on until the group has committed everything up to what is now the end.
   *
   * @throws KafkaException if Kafka cannot be reached, or the group makes no progress for minutes
   */
  void readToEnd(Visitor visitor) throws IOException {
    Map<TopicPartition, Long> ends = ends();
    consumer.subscribe(List.of(topic));
    long before = Long.MAX_VALUE;
    long deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
    for (long left = left(ends); left > 0; left = left(ends)) {
      if (left < before) {
        before = left;
        deadline = System.nanoTime() + STALL_TIMEOUT.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "group %s has not read %d records of topic %s, and made no progress for %d s"
                .formatted(group, left, topic, STALL_TIMEOUT.toSeconds()));
      }
      readSome(ends, visitor);
    }
  }

  private Map<TopicPartition, Long> ends() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    consumer.beginningOffsets(partitions).forEach((one, first) -> ends.remove(one, first));
    return ends;
  }

  private void readSome(Map<TopicPartition, Long> ends, Visitor visitor) throws IOException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      visitor.visit(record);
    }
    visitor.settle();
    Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    Set<TopicPartition> owned = consumer.assignment();
    for (TopicPartition partition : owned) {
      if (ends.containsKey(partition)) {
        done.put(partition, new OffsetAndMetadata(consumer.position(partition)));
      }
    }
    try {
      consumer.commitSync(done);
    } catch (CommitFailedException | RebalanceInProgressException takenOver) {
      // Whoever has the partition now reads these records again, which changes nothing.
    }
  }

  private long left(Map<TopicPartition, Long> ends) throws IOException {
    Map<Integer, Long> committed = committed();
    long left = 0;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      left += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey().partition(), 0L));
    }
    return left;
  }

  private Map<Integer, Long> committed() throws IOException {
    try {
      return offsets.committed();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the rebuild was interrupted");
    }
  }

  /** Leaves the group, and removes it where this was the last one, so that another run is new. */
  void finish() {
    consumer.unsubscribe();
    try {
      await(admin.deleteConsumerGroups(List.of(group)).all(), "delete group " + group);
    } catch (KafkaException othersAreThere) {
      // The last one removes it.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }
}
