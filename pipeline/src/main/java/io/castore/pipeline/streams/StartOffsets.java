package io.castore.pipeline.streams;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Gives a consumer group that has never read some partition the partition's earliest record as its
 * start. After that the group can run with {@code auto.offset.reset=none}, so that a gap is an
 * error and never skipped.
 */
final class StartOffsets {
  private static final long REQUEST_TIMEOUT_SECONDS = 60;

  private StartOffsets() {}

  /**
   * Sets what is not set yet.
   *
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  static void initialise(Admin admin, String group, Collection<String> topics)
      throws InterruptedException {
    Set<TopicPartition> unread = new HashSet<>();
    for (TopicDescription topic : await(admin.describeTopics(topics).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(info -> unread.add(new TopicPartition(topic.name(), info.partition())));
    }
    await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                unread.remove(partition);
              }
            });
    if (unread.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    unread.forEach(partition -> earliest.put(partition, OffsetSpec.earliest()));
    Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        await(admin.listOffsets(earliest).all()).entrySet()) {
      starts.put(found.getKey(), new OffsetAndMetadata(found.getValue().offset()));
    }
    try {
      await(admin.alterConsumerGroupOffsets(group, starts).all());
    } catch (UnknownMemberIdException groupIsRunning) {
      // Another instance has set them since we looked: members only join after this.
      return;
    }
  }

  private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof KafkaException cause) {
        throw cause;
      }
      throw new KafkaException(failed.getCause());
    } catch (TimeoutException late) {
      throw new KafkaException("no answer from Kafka in " + REQUEST_TIMEOUT_SECONDS + " s", late);
    }
  }
}
