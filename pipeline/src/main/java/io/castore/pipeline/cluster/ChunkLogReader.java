package io.castore.pipeline.cluster;

import static io.castore.pipeline.cluster.AdminCalls.await;

import io.castore.pipeline.cluster.ChunkLog.Partition;
import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topic of chunks again and again, and knows its bytes the better the longer it looks.
 * Where Kafka does not let us see sizes on disk, a record counts as a chunk of the usual size.
 *
 * <p>Not thread-safe.
 */
final class ChunkLogReader {
  private static final Logger log = LoggerFactory.getLogger(ChunkLogReader.class);

  private final Admin admin;
  private final String topic;
  private final int usualRecordBytes;
  private final int largestRecordBytes;
  private final Duration sizesEvery;
  private final Map<TopicPartition, PartitionBytes> bytes = new HashMap<>();
  private @Nullable Long sizesSeenAt;
  private boolean sizesHidden;

  /**
   * Prepares to look.
   *
   * @param admin belongs to the caller
   * @param sizesEvery how long sizes on disk may be taken for current: each broker measures all of
   *     its logs to answer
   */
  ChunkLogReader(Admin admin, CastoreConfig config, Duration sizesEvery) {
    this.admin = admin;
    this.topic = config.topics().chunks().name();
    this.usualRecordBytes = config.chunkSizes().averageBytes();
    this.largestRecordBytes = config.chunkSizes().maxBytes();
    this.sizesEvery = sizesEvery;
  }

  /**
   * Looks.
   *
   * @param group the chunker's consumer group; none where there is none yet
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  ChunkLog read(Optional<String> group) throws InterruptedException {
    Map<TopicPartition, Node> leaders = leaders();
    Map<TopicPartition, Long> committed = new HashMap<>();
    if (group.isPresent()) {
      committed.putAll(committed(group.get()));
    }
    Map<TopicPartition, Long> starts = offsets(leaders.keySet(), OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(leaders.keySet(), OffsetSpec.latest());
    if (sizesAreOld()) {
      sizes(leaders)
          .forEach(
              (partition, size) ->
                  bytes(partition)
                      .observe(
                          starts.getOrDefault(partition, 0L),
                          ends.getOrDefault(partition, 0L),
                          size));
      sizesSeenAt = System.nanoTime();
    }
    List<Partition> partitions = new ArrayList<>();
    for (TopicPartition partition : leaders.keySet()) {
      long start = starts.getOrDefault(partition, 0L);
      long end = Math.max(start, ends.getOrDefault(partition, 0L));
      Long commit = committed.get(partition);
      Partition counted =
          new Partition(
              partition,
              start,
              commit == null ? OptionalLong.empty() : OptionalLong.of(commit),
              end,
              bytes(partition).between(start, end),
              0);
      partitions.add(
          counted.withBacklogBytes(bytes(partition).between(counted.firstOfBacklog(), end)));
    }
    return new ChunkLog(partitions);
  }

  /** What is known of a partition's bytes. */
  PartitionBytes bytes(TopicPartition partition) {
    return bytes.computeIfAbsent(
        partition, any -> new PartitionBytes(usualRecordBytes, largestRecordBytes));
  }

  private boolean sizesAreOld() {
    return !sizesHidden
        && (sizesSeenAt == null || System.nanoTime() - sizesSeenAt >= sizesEvery.toNanos());
  }

  private Map<TopicPartition, Node> leaders() throws InterruptedException {
    Map<TopicPartition, Node> leaders = new HashMap<>();
    TopicDescription description =
        await(
            Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic)),
            "describe topic " + topic);
    for (TopicPartitionInfo partition : description.partitions()) {
      if (partition.leader() == null) {
        throw new KafkaException(
            "partition %d of topic %s has no leader".formatted(partition.partition(), topic));
      }
      leaders.put(new TopicPartition(topic, partition.partition()), partition.leader());
    }
    return leaders;
  }

  private Map<TopicPartition, Long> committed(String group) throws InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> offset :
        await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "list the offsets of group " + group)
            .entrySet()) {
      if (offset.getValue() != null && offset.getKey().topic().equals(topic)) {
        committed.put(offset.getKey(), offset.getValue().offset());
      }
    }
    return committed;
  }

  private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        await(admin.listOffsets(wanted).all(), "list the ends of topic " + topic).entrySet()) {
      offsets.put(found.getKey(), found.getValue().offset());
    }
    return offsets;
  }

  private Map<TopicPartition, Long> sizes(Map<TopicPartition, Node> leaders)
      throws InterruptedException {
    Set<Integer> brokers = new HashSet<>();
    leaders.values().forEach(leader -> brokers.add(leader.id()));
    Map<TopicPartition, Long> sizes = new HashMap<>();
    for (Map.Entry<Integer, KafkaFuture<Map<String, LogDirDescription>>> answer :
        admin.describeLogDirs(brokers).descriptions().entrySet()) {
      try {
        for (LogDirDescription directory :
            await(answer.getValue(), "measure topic " + topic).values()) {
          addSizes(directory, answer.getKey(), leaders, sizes);
        }
      } catch (KafkaException failed) {
        if (failed.getCause() instanceof ClusterAuthorizationException
            || failed.getCause() instanceof UnsupportedVersionException) {
          sizesHidden = true;
          log.warn(
              "Kafka does not tell the size of topic {}, so each record counts {} bytes: {}",
              topic,
              usualRecordBytes,
              failed.getMessage());
          return Map.of();
        }
        throw failed;
      }
    }
    return sizes;
  }

  private static void addSizes(
      LogDirDescription directory,
      int broker,
      Map<TopicPartition, Node> leaders,
      Map<TopicPartition, Long> sizes) {
    for (Map.Entry<TopicPartition, ReplicaInfo> replica : directory.replicaInfos().entrySet()) {
      Node leader = leaders.get(replica.getKey());
      if (leader != null && leader.id() == broker && !replica.getValue().isFuture()) {
        sizes.put(replica.getKey(), replica.getValue().size());
      }
    }
  }
}
