package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how many records of each topic consumer groups have yet to commit: what they have read
 * and not finished counts, and so does what waits while they are paused, which the consumers' own
 * metrics do not tell. A partition of which a group has never committed anything does not count.
 *
 * <p>Safe for use by many threads.
 */
public final class GroupLag implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupLag.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Admin admin;
  private final Set<String> groups;
  private final Rounds rounds;
  private volatile Map<GroupTopic, Long> lags = Map.of();

  private GroupLag(Admin admin, Set<String> groups, Duration pause) {
    this.admin = admin;
    this.groups = Set.copyOf(groups);
    this.rounds = Rounds.start(log, "look how far the services have come", pause, this::look);
  }

  private record GroupTopic(String group, String topic) {}

  /** Looks now, and then every 5 seconds. */
  public static GroupLag watch(CastoreConfig config, Set<String> groups) {
    return watch(config, groups, PAUSE);
  }

  static GroupLag watch(CastoreConfig config, Set<String> groups, Duration pause) {
    return new GroupLag(Admin.create(config.kafkaClient()), groups, pause);
  }

  /**
   * Gives the records of a topic that a group has yet to commit, as of a few seconds ago, or since
   * when Kafka was last heard of.
   *
   * @return {@link Double#NaN} where that is not known yet
   */
  public double records(String group, String topic) {
    Long lag = lags.get(new GroupTopic(group, topic));
    return lag == null ? Double.NaN : lag;
  }

  private void look() throws InterruptedException {
    Map<GroupTopic, Long> seen = new HashMap<>();
    for (String group : groups) {
      Map<TopicPartition, Long> committed = committed(group);
      for (Map.Entry<TopicPartition, Long> end : ends(committed.keySet()).entrySet()) {
        TopicPartition partition = end.getKey();
        long left = Math.max(0, end.getValue() - committed.getOrDefault(partition, 0L));
        seen.merge(new GroupTopic(group, partition.topic()), left, Long::sum);
      }
    }
    lags = seen;
  }

  private Map<TopicPartition, Long> committed(String group) throws InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> offset :
        AdminCalls.await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "list the offsets of group " + group)
            .entrySet()) {
      if (offset.getValue() != null) {
        committed.put(offset.getKey(), offset.getValue().offset());
      }
    }
    return committed;
  }

  private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted =
        partitions.stream().collect(Collectors.toMap(any -> any, any -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        AdminCalls.await(admin.listOffsets(wanted).all(), "list the ends of topics").entrySet()) {
      ends.put(end.getKey(), end.getValue().offset());
    }
    return ends;
  }

  @Override
  public void close() {
    rounds.close();
    admin.close(Duration.ZERO);
  }
}
