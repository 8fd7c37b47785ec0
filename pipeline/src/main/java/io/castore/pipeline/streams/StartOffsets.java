package io.castore.pipeline.streams;

import static io.castore.pipeline.cluster.AdminCalls.await;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Sets where a consumer group begins to read. After that the group can run with {@code
 * auto.offset.reset=none}, so that a gap is an error and never skipped.
 */
final class StartOffsets {
  private StartOffsets() {}

  /**
   * Gives a group that has never read some partition the partition's earliest record as its start.
   * What it has committed stays as it is.
   *
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  static void initialise(Admin admin, String group, Collection<String> topics)
      throws InterruptedException {
    Set<TopicPartition> unread = partitions(admin, topics);
    await(
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
            "list the offsets of group " + group)
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                unread.remove(partition);
              }
            });
    if (unread.isEmpty()) {
      return;
    }
    try {
      set(admin, group, unread, OffsetSpec.earliest());
    } catch (KafkaException failed) {
      // Where the group is running, another instance has set them since we looked: members only
      // join after this.
      if (!(failed.getCause() instanceof UnknownMemberIdException)) {
        throw failed;
      }
    }
  }

  /**
   * Has a group pass over everything that is in its topics by now.
   *
   * @throws KafkaException if the group is running, or Kafka cannot be reached or refuses
   */
  static void skipToEnd(Admin admin, String group, Collection<String> topics)
      throws InterruptedException {
    set(admin, group, partitions(admin, topics), OffsetSpec.latest());
  }

  /**
   * Has a group read a topic on from where another one came to, or from its earliest record on
   * where that never read it.
   *
   * @throws KafkaException if the group is running, or Kafka cannot be reached or refuses
   */
  static void takeOver(Admin admin, String group, String former, String topic)
      throws InterruptedException {
    set(admin, group, partitions(admin, List.of(topic)), OffsetSpec.earliest());
    Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
    await(
            admin.listConsumerGroupOffsets(former).partitionsToOffsetAndMetadata(),
            "list the offsets of group " + former)
        .forEach(
            (partition, offset) -> {
              if (offset != null && partition.topic().equals(topic)) {
                reached.put(partition, new OffsetAndMetadata(offset.offset()));
              }
            });
    if (!reached.isEmpty()) {
      await(
          admin.alterConsumerGroupOffsets(group, reached).all(),
          "set the offsets of group " + group);
    }
  }

  private static Set<TopicPartition> partitions(Admin admin, Collection<String> topics)
      throws InterruptedException {
    Set<TopicPartition> partitions = new HashSet<>();
    for (TopicDescription topic :
        await(admin.describeTopics(topics).allTopicNames(), "describe topics " + topics).values()) {
      topic
          .partitions()
          .forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
    }
    return partitions;
  }

  private static void set(
      Admin admin, String group, Set<TopicPartition> partitions, OffsetSpec where)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, where));
    Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        await(admin.listOffsets(wanted).all(), "list the ends of topics").entrySet()) {
      starts.put(found.getKey(), new OffsetAndMetadata(found.getValue().offset()));
    }
    await(
        admin.alterConsumerGroupOffsets(group, starts).all(), "set the offsets of group " + group);
  }
}
