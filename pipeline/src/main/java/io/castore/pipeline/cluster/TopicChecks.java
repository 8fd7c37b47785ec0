package io.castore.pipeline.cluster;

import io.castore.pipeline.topics.Topic;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a topic that is there. */
final class TopicChecks {
  private static final String CHANGE_IT =
      "; change it with kafka-configs.sh, or choose another topics.prefix";

  private TopicChecks() {}

  /** Requires the settings that a topic must have. */
  static void requireSettings(TopicSpec spec, Config actual) throws TopicMismatchException {
    for (Map.Entry<String, String> wanted : spec.required().entrySet()) {
      String found = value(actual, wanted.getKey());
      if (!wanted.getValue().equals(found)) {
        throw mismatch(spec.name(), wanted.getKey(), found, wanted.getValue(), "");
      }
    }
  }

  /** Tells whether a limit is as large as it has to be. */
  static boolean isAtLeast(Config actual, String setting, int minimum) {
    String found = value(actual, setting);
    return found != null && Integer.parseInt(found) >= minimum;
  }

  static TopicMismatchException tooSmall(
      TopicSpec spec, Config actual, String setting, int minimum) {
    return mismatch(spec.name(), setting, value(actual, setting), "at least " + minimum, "");
  }

  /** Requires that what a broker has acknowledged stays, and that it acknowledges at all. */
  static void requireSafeReplication(TopicDescription topic, Config actual)
      throws TopicMismatchException {
    if ("true".equals(value(actual, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
      throw mismatch(
          topic.name(),
          TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
          "true",
          "false",
          ": a replica that lags could become the leader, and what it lacks would be lost");
    }
    String found = value(actual, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
    int replicas =
        topic.partitions().stream().mapToInt(each -> each.replicas().size()).min().orElse(0);
    if (found != null && Integer.parseInt(found) > replicas) {
      throw mismatch(
          topic.name(),
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          found,
          "at most " + replicas + ", its number of replicas",
          ": every write would be refused");
    }
  }

  /** Requires that two topics have the same number of partitions. */
  static void requireSameNumber(
      Map<String, Integer> partitions, Topic<?, ?> first, Topic<?, ?> second)
      throws TopicMismatchException {
    Integer ofFirst = partitions.get(first.name());
    Integer ofSecond = partitions.get(second.name());
    if (!Objects.equals(ofFirst, ofSecond)) {
      throw new TopicMismatchException(
          ("topics %s and %s have %d and %d partitions (expected: the same number);"
                  + " add partitions with kafka-topics.sh to the one that has fewer while it is empty,"
                  + " or choose another topics.prefix")
              .formatted(first, second, ofFirst, ofSecond));
    }
  }

  private static @Nullable String value(Config actual, String setting) {
    ConfigEntry entry = actual.get(setting);
    return entry == null ? null : entry.value();
  }

  private static TopicMismatchException mismatch(
      String topic, String setting, @Nullable String found, String expected, String why) {
    return new TopicMismatchException(
        "topic %s has %s=%s (expected: %s)%s%s"
            .formatted(topic, setting, found, expected, why, CHANGE_IT));
  }
}
