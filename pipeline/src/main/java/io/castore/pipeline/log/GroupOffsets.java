package io.castore.pipeline.log;

import static io.castore.pipeline.cluster.AdminCalls.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer group has come in one topic, as it has committed.
 *
 * <p>Safe for use by many threads.
 */
public final class GroupOffsets {
  private static final long LOOK_AGAIN_MS = 200;

  private final Admin admin;
  private final String group;
  private final String topic;

  /**
   * Looks at a group.
   *
   * @param admin belongs to the caller
   */
  public GroupOffsets(Admin admin, String group, String topic) {
    this.admin = admin;
    this.group = group;
    this.topic = topic;
  }

  /**
   * Gives the offset after what the group has done with, by partition; a partition of which it has
   * committed nothing is missing.
   *
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public Map<Integer, Long> committed() throws InterruptedException {
    Map<Integer, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> offset :
        await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "list the offsets of group " + group)
            .entrySet()) {
      if (offset.getValue() != null && offset.getKey().topic().equals(topic)) {
        committed.put(offset.getKey().partition(), offset.getValue().offset());
      }
    }
    return committed;
  }

  /**
   * Waits until the group has committed at least an offset of each partition.
   *
   * @param offsets by partition: the offset after the last record that has to be done with
   * @param stallTimeout how long to wait without any progress of the group
   * @param onWait told now and then how many records are left
   * @throws KafkaException if Kafka cannot be reached, or the group makes no progress for so long
   */
  public void awaitCommitted(Map<Integer, Long> offsets, Duration stallTimeout, LongConsumer onWait)
      throws InterruptedException {
    long before = Long.MAX_VALUE;
    long deadline = System.nanoTime() + stallTimeout.toNanos();
    for (long left = left(offsets); left > 0; left = left(offsets)) {
      onWait.accept(left);
      if (left < before) {
        before = left;
        deadline = System.nanoTime() + stallTimeout.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "group %s has not read %d records of topic %s, and made no progress for %d s; is the service running?"
                .formatted(group, left, topic, stallTimeout.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
    }
  }

  private long left(Map<Integer, Long> offsets) throws InterruptedException {
    Map<Integer, Long> committed = committed();
    long left = 0;
    for (Map.Entry<Integer, Long> wanted : offsets.entrySet()) {
      left += Math.max(0, wanted.getValue() - committed.getOrDefault(wanted.getKey(), 0L));
    }
    return left;
  }
}
