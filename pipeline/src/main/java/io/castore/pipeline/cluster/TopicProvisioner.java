package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the pipeline's topics where they are missing, and refuses to work with ones under which
 * data could be lost.
 *
 * <p>Not thread-safe. Several processes may provision the same topics at once.
 */
public final class TopicProvisioner {
  private static final Logger log = LoggerFactory.getLogger(TopicProvisioner.class);
  private static final String FOREVER = "-1";
  private static final long RETRY_PAUSE_MS = 100;

  private final Admin admin;
  private final List<TopicSpec> specs;
  private final Topics topics;
  private final short replicationFactor;
  private final boolean raiseLimits;

  /**
   * Prepares to provision the topics of a configuration.
   *
   * @param admin belongs to the caller
   * @param raiseLimits whether a limit that is too small is raised rather than refused: for a
   *     broker that is ours alone
   */
  public TopicProvisioner(Admin admin, CastoreConfig config, boolean raiseLimits) {
    this.admin = admin;
    this.raiseLimits = raiseLimits;
    this.topics = config.topics();
    this.replicationFactor = config.replicationFactor();
    this.specs = specs(config);
  }

  private static List<TopicSpec> specs(CastoreConfig config) {
    Topics topics = config.topics();
    Map<String, Integer> largeMessages =
        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, config.messageLimits().topicMaxMessageBytes());
    Map<String, Integer> largeDeadLetters =
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            config.messageLimits().deadLetterMaxMessageBytes());
    Map<String, String> keptForever =
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG, FOREVER,
            TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
    Map<String, String> compacted =
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    int chunkPartitions = config.chunkPartitions();
    int uploadPartitions = config.uploadPartitions();
    return List.of(
        new TopicSpec(topics.chunks().name(), chunkPartitions, keptForever, largeMessages),
        new TopicSpec(topics.chunksDlq().name(), chunkPartitions, keptForever, largeDeadLetters),
        new TopicSpec(topics.uploads().name(), uploadPartitions, keptForever, Map.of()),
        new TopicSpec(topics.chunkReceipts().name(), uploadPartitions, keptForever, Map.of()),
        new TopicSpec(topics.eventsDlq().name(), uploadPartitions, keptForever, largeDeadLetters),
        new TopicSpec(topics.uploadStatus().name(), uploadPartitions, compacted, Map.of()),
        new TopicSpec(topics.stateOwners().name(), 1, compacted, Map.of()));
  }

  /**
   * Makes what is missing and checks what is there.
   *
   * @return how many partitions each topic has, by its name
   * @throws TopicMismatchException if a topic is there with settings that do not do
   * @throws KafkaException if Kafka cannot be reached or refuses, within a minute
   */
  public Map<String, Integer> provision() throws TopicMismatchException, InterruptedException {
    createMissing();
    Map<String, Integer> partitions = new HashMap<>();
    for (TopicDescription description :
        awaitKnown(() -> admin.describeTopics(names()).allTopicNames(), "describe topics")
            .values()) {
      partitions.put(description.name(), description.partitions().size());
    }
    checkSettings();
    checkSameNumber(partitions, topics.uploads(), topics.chunkReceipts());
    return partitions;
  }

  private List<String> names() {
    return specs.stream().map(TopicSpec::name).toList();
  }

  private void createMissing() throws InterruptedException {
    Collection<String> present = AdminCalls.await(admin.listTopics().names(), "list topics");
    List<NewTopic> missing = new ArrayList<>();
    for (TopicSpec spec : specs) {
      if (!present.contains(spec.name())) {
        Map<String, String> settings = new HashMap<>(spec.settings());
        spec.minimums().forEach((key, bytes) -> settings.put(key, bytes.toString()));
        missing.add(
            new NewTopic(
                    spec.name(),
                    Optional.of(spec.partitions()),
                    Optional.of(replicationFactor).filter(factor -> factor > 0))
                .configs(settings));
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    for (Map.Entry<String, KafkaFuture<Void>> creation :
        admin.createTopics(missing).values().entrySet()) {
      try {
        AdminCalls.await(creation.getValue(), "create topic " + creation.getKey());
        log.debug("Created topic {}", creation.getKey());
      } catch (KafkaException failed) {
        if (!(failed.getCause() instanceof TopicExistsException)) {
          throw failed;
        }
        log.debug("Topic {} was created by another process", creation.getKey());
      }
    }
  }

  private void checkSettings() throws TopicMismatchException, InterruptedException {
    Map<ConfigResource, Config> actual =
        awaitKnown(
            () ->
                admin.describeConfigs(names().stream().map(name -> resource(name)).toList()).all(),
            "describe topic settings");
    for (TopicSpec spec : specs) {
      Config settings = Objects.requireNonNull(actual.get(resource(spec.name())));
      for (Map.Entry<String, String> wanted : spec.settings().entrySet()) {
        String found = settings.get(wanted.getKey()).value();
        if (!wanted.getValue().equals(found)) {
          throw mismatch(spec.name(), wanted.getKey(), found, wanted.getValue());
        }
      }
      for (Map.Entry<String, Integer> minimum : spec.minimums().entrySet()) {
        String found = settings.get(minimum.getKey()).value();
        if (Integer.parseInt(found) < minimum.getValue()) {
          if (!raiseLimits) {
            throw mismatch(spec.name(), minimum.getKey(), found, "at least " + minimum.getValue());
          }
          raise(spec.name(), minimum.getKey(), minimum.getValue());
        }
      }
    }
  }

  private void raise(String topic, String setting, int bytes) throws InterruptedException {
    AlterConfigOp change =
        new AlterConfigOp(
            new ConfigEntry(setting, Integer.toString(bytes)), AlterConfigOp.OpType.SET);
    AdminCalls.await(
        admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(change))).all(),
        "raise " + setting + " of topic " + topic);
  }

  private static void checkSameNumber(
      Map<String, Integer> partitions, Topic<?, ?> first, Topic<?, ?> second)
      throws TopicMismatchException {
    Integer ofFirst = partitions.get(first.name());
    Integer ofSecond = partitions.get(second.name());
    if (!Objects.equals(ofFirst, ofSecond)) {
      throw new TopicMismatchException(
          "topics %s and %s have %d and %d partitions (expected: the same number)"
              .formatted(first, second, ofFirst, ofSecond));
    }
  }

  private static TopicMismatchException mismatch(
      String topic, String setting, String found, String expected) {
    return new TopicMismatchException(
        "topic %s has %s=%s (expected: %s); change it with kafka-configs.sh, or choose another topics.prefix"
            .formatted(topic, setting, found, expected));
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** Asks again while a broker has not heard yet of a topic that was just made. */
  private static <T> T awaitKnown(Supplier<KafkaFuture<T>> request, String action)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AdminCalls.TIMEOUT_SECONDS);
    while (true) {
      try {
        return AdminCalls.await(request.get(), action);
      } catch (KafkaException failed) {
        if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw failed;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
      }
    }
  }
}
