package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
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
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
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
  private static final long RETRY_PAUSE_MS = 100;
  private static final int REPLICAS_FOR_TWO_IN_SYNC = 3;

  private final Admin admin;
  private final List<TopicSpec> specs;
  private final Topics topics;
  private final short replicationFactor;
  private final boolean embedded;

  /**
   * Prepares to provision the topics of a configuration.
   *
   * @param admin belongs to the caller
   * @param embedded whether the broker is ours alone: a limit that is too small is then raised
   *     rather than refused, and topics are made to give their space back soon
   */
  public TopicProvisioner(Admin admin, CastoreConfig config, boolean embedded) {
    this.admin = admin;
    this.embedded = embedded;
    this.topics = config.topics();
    this.replicationFactor = config.replicationFactor();
    this.specs = TopicSpecs.of(config, embedded);
  }

  /**
   * Makes what is missing and checks what is there.
   *
   * @return how many partitions each topic has, by its name
   * @throws TopicMismatchException if a topic is there with settings that do not do
   * @throws KafkaException if Kafka cannot be reached or refuses, within a minute
   */
  public Map<String, Integer> provision() throws TopicMismatchException, InterruptedException {
    List<String> made = createMissing();
    Map<String, TopicDescription> found =
        awaitKnown(() -> admin.describeTopics(names()).allTopicNames(), "describe topics");
    awaitLeaders(made, found);
    checkSettings(found);
    Map<String, Integer> partitions = new HashMap<>();
    found.forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    // One task has to see both records of an upload.
    TopicChecks.requireSameNumber(partitions, topics.uploads(), topics.chunkReceipts());
    return partitions;
  }

  private List<String> names() {
    return specs.stream().map(TopicSpec::name).toList();
  }

  /** Gives the names of those that it made, or somebody else meanwhile. */
  private List<String> createMissing() throws InterruptedException {
    Collection<String> present = AdminCalls.await(admin.listTopics().names(), "list topics");
    List<NewTopic> missing = new ArrayList<>();
    for (TopicSpec spec : specs) {
      if (!present.contains(spec.name())) {
        Map<String, String> settings = settingsToMakeWith(spec);
        missing.add(
            new NewTopic(
                    spec.name(),
                    Optional.of(spec.partitions()),
                    Optional.of(replicationFactor).filter(factor -> factor > 0))
                .configs(settings));
      }
    }
    if (missing.isEmpty()) {
      return List.of();
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
    return missing.stream().map(NewTopic::name).toList();
  }

  /**
   * Waits until the leaders of new topics answer. A producer that writes before that, with several
   * requests on their way, may have the first one refused and the second one taken, after which the
   * broker refuses the first one for ever (KAFKA-15591).
   */
  private void awaitLeaders(List<String> made, Map<String, TopicDescription> found)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (String topic : made) {
      Objects.requireNonNull(found.get(topic))
          .partitions()
          .forEach(
              partition ->
                  partitions.put(
                      new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
    }
    if (!partitions.isEmpty()) {
      Map<TopicPartition, ListOffsetsResultInfo> unused =
          awaitKnown(() -> admin.listOffsets(partitions).all(), "reach the leaders of new topics");
    }
  }

  private Map<String, String> settingsToMakeWith(TopicSpec spec) {
    Map<String, String> settings = new HashMap<>(spec.preferred());
    settings.putAll(spec.required());
    spec.minimums().forEach((key, bytes) -> settings.put(key, bytes.toString()));
    if (replicationFactor > 0) {
      // One replica may be away, and what is acknowledged is held twice even then. With two
      // replicas, one that is away would stop all writes.
      settings.put(
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          replicationFactor >= REPLICAS_FOR_TWO_IN_SYNC ? "2" : "1");
    }
    return settings;
  }

  private void checkSettings(Map<String, TopicDescription> topics)
      throws TopicMismatchException, InterruptedException {
    Map<ConfigResource, Config> actual =
        awaitKnown(
            () ->
                admin.describeConfigs(names().stream().map(name -> resource(name)).toList()).all(),
            "describe topic settings");
    for (TopicSpec spec : specs) {
      Config settings = Objects.requireNonNull(actual.get(resource(spec.name())));
      TopicChecks.requireSettings(spec, settings);
      TopicChecks.requireSafeReplication(Objects.requireNonNull(topics.get(spec.name())), settings);
      for (Map.Entry<String, Integer> minimum : spec.minimums().entrySet()) {
        if (!TopicChecks.isAtLeast(settings, minimum.getKey(), minimum.getValue())) {
          if (!embedded) {
            throw TopicChecks.tooSmall(spec, settings, minimum.getKey(), minimum.getValue());
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
