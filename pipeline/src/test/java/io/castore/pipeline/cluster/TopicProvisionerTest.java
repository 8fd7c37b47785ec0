package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class TopicProvisionerTest {
  private final Cluster cluster;
  private final Topics topics;
  private final Admin admin;

  TopicProvisionerTest(Cluster cluster) {
    this.cluster = cluster;
    topics = new Topics(cluster.prefix());
    admin = cluster.admin();
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldMakeWhatIsMissing() throws Exception {
    assertThat(provision(false))
        .containsOnly(
            Map.entry(topics.chunks().name(), 3),
            Map.entry(topics.chunksDlq().name(), 3),
            Map.entry(topics.uploads().name(), 2),
            Map.entry(topics.chunkReceipts().name(), 2),
            Map.entry(topics.chunkRequests().name(), 2),
            Map.entry(topics.uploadStatus().name(), 2),
            Map.entry(topics.sourceUpdates().name(), 2),
            Map.entry(topics.sources().name(), 2),
            Map.entry(topics.roots().name(), 1),
            Map.entry(topics.eventsDlq().name(), 2),
            Map.entry(topics.services().name(), 1),
            Map.entry(topics.stateOwners().name(), 1),
            Map.entry(topics.reports().name(), 1));

    for (Topic<?, ?> kept :
        List.of(
            topics.chunks(),
            topics.chunksDlq(),
            topics.uploads(),
            topics.chunkReceipts(),
            topics.eventsDlq())) {
      assertThat(setting(kept, "cleanup.policy")).isEqualTo("delete");
      assertThat(setting(kept, "retention.ms")).isEqualTo("-1");
      assertThat(setting(kept, "retention.bytes")).isEqualTo("-1");
    }
    for (Topic<?, ?> compacted :
        List.of(
            topics.uploadStatus(),
            topics.sources(),
            topics.roots(),
            topics.stateOwners(),
            topics.reports())) {
      assertThat(setting(compacted, "cleanup.policy")).isEqualTo("compact");
    }
    assertThat(setting(topics.sourceUpdates(), "cleanup.policy")).isEqualTo("delete");
    assertThat(setting(topics.sourceUpdates(), "retention.ms")).isEqualTo("2592000000");
    assertThat(setting(topics.chunkRequests(), "cleanup.policy")).isEqualTo("delete");
    assertThat(setting(topics.chunkRequests(), "retention.ms")).isEqualTo("604800000");
    assertThat(setting(topics.services(), "cleanup.policy")).isEqualTo("compact,delete");
    assertThat(setting(topics.services(), "retention.ms")).isEqualTo("86400000");
    assertThat(setting(topics.chunks(), "segment.bytes")).isEqualTo("268435456");
    assertThat(setting(topics.chunks(), "max.message.bytes")).isEqualTo("2097152");
    assertThat(setting(topics.chunksDlq(), "max.message.bytes")).isEqualTo("3145728");
    assertThat(setting(topics.eventsDlq(), "max.message.bytes")).isEqualTo("3145728");
  }

  @Test
  void shouldAcceptWhatItHasMade() throws Exception {
    Map<String, Integer> made = provision(false);

    assertThat(provision(false)).isEqualTo(made);
  }

  @Test
  void shouldTellThePartitionsThatAreThereRatherThanThoseConfigured() throws Exception {
    make(topics.chunks(), 5, forever("max.message.bytes", "4194304"));

    assertThat(provision(false)).containsEntry(topics.chunks().name(), 5);
    assertThat(setting(topics.chunks(), "max.message.bytes")).isEqualTo("4194304");
  }

  @Test
  void shouldRefuseATopicOfChunksThatForgets() throws Exception {
    make(
        topics.chunks(),
        3,
        Map.of("retention.ms", "3600000", "retention.bytes", "-1", "max.message.bytes", "2097152"));

    assertRefused(
        topics.chunks().name(), "retention.ms=3600000 (expected: -1)", "kafka-configs.sh");
  }

  @Test
  void shouldTakeATopicOfChunksThatForgetsWhereThatIsAllowed() throws Exception {
    make(
        topics.chunks(),
        3,
        Map.of("retention.ms", "3600000", "retention.bytes", "1", "max.message.bytes", "2097152"));

    assertThat(provision(Map.of("topics.chunks.allow.retention", "true"), false))
        .containsEntry(topics.chunks().name(), 3);
  }

  @Test
  void shouldRefuseATopicOfChunksThatIsCompactedEvenWhereItMayForget() throws Exception {
    make(
        topics.chunks(),
        3,
        Map.of("cleanup.policy", "compact,delete", "max.message.bytes", "2097152"));

    assertThatExceptionOfType(TopicMismatchException.class)
        .isThrownBy(() -> provision(Map.of("topics.chunks.allow.retention", "true"), false))
        .withMessageContaining("cleanup.policy=compact,delete (expected: delete)");
  }

  @Test
  void shouldRefuseATopicThatTakesNoWrites() throws Exception {
    make(topics.uploads(), 2, forever("min.insync.replicas", "2"));

    assertRefused(
        topics.uploads().name(),
        "min.insync.replicas=2 (expected: at most 1, its number of replicas)",
        "every write would be refused");
  }

  @Test
  void shouldRefuseATopicThatMayLoseWhatItAcknowledged() throws Exception {
    make(topics.uploads(), 2, forever("unclean.leader.election.enable", "true"));

    assertRefused(topics.uploads().name(), "unclean.leader.election.enable=true (expected: false)");
  }

  @Test
  void shouldRefuseRequestsThatReplaceEachOther() throws Exception {
    make(topics.chunkRequests(), 2, Map.of("cleanup.policy", "compact"));

    assertRefused(topics.chunkRequests().name(), "cleanup.policy=compact (expected: delete)");
  }

  @Test
  void shouldMakeSmallSegmentsWhereTheBrokerIsOursAlone() throws Exception {
    assertThat(provision(true)).containsEntry(topics.chunks().name(), 3);

    assertThat(setting(topics.chunks(), "segment.bytes")).isEqualTo("16777216");
  }

  @Test
  void shouldAskForAsManyReplicasInSyncAsOneMayBeAway() throws Exception {
    assertThat(provision(Map.of("topics.replication.factor", "1"), false)).isNotEmpty();

    assertThat(setting(topics.chunks(), "min.insync.replicas")).isEqualTo("1");
  }

  @Test
  void shouldRefuseATopicOfChunksThatIsCompacted() throws Exception {
    make(
        topics.chunks(),
        3,
        Map.of(
            "cleanup.policy", "compact",
            "retention.ms", "-1",
            "max.message.bytes", "2097152"));

    assertRefused(topics.chunks().name(), "cleanup.policy=compact (expected: delete)");
  }

  @Test
  void shouldRefuseATopicThatTakesNoLargeChunk() throws Exception {
    make(topics.chunks(), 3, forever("max.message.bytes", "1000000"));

    assertRefused(topics.chunks().name(), "max.message.bytes=1000000 (expected: at least 2097152)");
  }

  @Test
  void shouldRaiseALimitWhereTheBrokerIsOursAlone() throws Exception {
    make(topics.chunks(), 3, forever("max.message.bytes", "1000000"));

    assertThat(provision(true)).containsEntry(topics.chunks().name(), 3);
    await()
        .untilAsserted(
            () -> assertThat(setting(topics.chunks(), "max.message.bytes")).isEqualTo("2097152"));
  }

  @Test
  void shouldRefuseTopicsThatCannotBeReadTogether() throws Exception {
    make(topics.chunkReceipts(), 5, forever("max.message.bytes", "1000000"));

    assertRefused(
        topics.uploads().name(), topics.chunkReceipts().name(), "have 2 and 5 partitions");
  }

  @Test
  void shouldTellWhatKafkaRefuses() {
    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(
            () ->
                new TopicProvisioner(
                        admin, cluster.config(Map.of("topics.replication.factor", "3")), false)
                    .provision())
        .withMessageContaining("cannot create topic " + cluster.prefix())
        .withMessageContaining("replication factor");
  }

  private void assertRefused(String... parts) {
    assertThatExceptionOfType(TopicMismatchException.class)
        .isThrownBy(() -> provision(false))
        .satisfies(refused -> assertThat(refused.getMessage()).contains(parts));
  }

  private Map<String, Integer> provision(boolean embedded) throws Exception {
    return provision(Map.of(), embedded);
  }

  private Map<String, Integer> provision(Map<String, String> more, boolean embedded)
      throws Exception {
    return new TopicProvisioner(admin, cluster.config(more), embedded).provision();
  }

  private static Map<String, String> forever(String key, String value) {
    return Map.of("retention.ms", "-1", "retention.bytes", "-1", key, value);
  }

  private void make(Topic<?, ?> topic, int partitions, Map<String, String> settings)
      throws Exception {
    cluster.makeTopics(admin, new NewTopic(topic.name(), partitions, (short) 1).configs(settings));
  }

  private String setting(Topic<?, ?> topic, String key) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    Config config =
        Objects.requireNonNull(
            admin.describeConfigs(List.of(resource)).all().get().get(resource), topic.name());
    return config.get(key).value();
  }
}
