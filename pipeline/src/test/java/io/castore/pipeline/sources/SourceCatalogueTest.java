package io.castore.pipeline.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.IndexerGroup;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestBroker.class)
final class SourceCatalogueTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Digest BLOB = Blake3.hash(new byte[] {1});

  private final Cluster cluster;
  private final Topics topics;
  @TempDir private Path scratch;
  private CastoreConfig config;

  SourceCatalogueTest(Cluster cluster) {
    this.cluster = cluster;
    this.topics = new Topics(cluster.prefix());
  }

  @BeforeEach
  void makeTopics() throws Exception {
    config = cluster.config(Map.of());
    try (Admin admin = cluster.admin()) {
      cluster.makeTopics(
          admin,
          new NewTopic(topics.sources().name(), 3, (short) 1),
          new NewTopic(topics.sourceUpdates().name(), 1, (short) 1),
          new NewTopic(topics.stateOwners().name(), 1, (short) 1),
          new NewTopic(topics.roots().name(), 1, (short) 1));
    }
  }

  @Test
  void shouldGiveTheLastEntryOfEachNameInTheOrderOfNames() throws Exception {
    entry("file:///b", 1);
    entry("file:///a/1", 2);
    entry("file:///a/2", 3);
    entry("file:///a/1", 4);
    entry("s3://bucket/ä", 5);
    entry("file:///a/gone", 6);
    send(topics.sources(), "file:///a/gone", null);

    try (SourceCatalogue sources = SourceCatalogue.read(config, scratch)) {
      assertThat(visited(sources, ""))
          .containsExactly("file:///a/1 4", "file:///a/2 3", "file:///b 1", "s3://bucket/ä 5");
      assertThat(visited(sources, "file:///a/")).containsExactly("file:///a/1 4", "file:///a/2 3");
      assertThat(sources.find("file:///a/1")).map(SourceEntry::getCompletedAtMs).contains(4L);
      assertThat(sources.find("file:///a/")).isEmpty();
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void shouldReadWhatHasComeSinceWhenRefreshed() throws Exception {
    entry("file:///a", 1);
    try (SourceCatalogue sources = SourceCatalogue.read(config, scratch)) {
      assertThat(sources.refresh()).isZero();

      entry("file:///b", 2);
      drop(2);

      assertThat(sources.find("file:///b")).isEmpty();
      assertThat(sources.refresh()).isEqualTo(2);
      assertThat(visited(sources, "")).containsExactly("file:///a 1", "file:///b 2");
      assertThat(sources.isDropped(sources.find("file:///b").orElseThrow())).isTrue();
    }
  }

  @Test
  void shouldTellABlobThatWasDroppedAfterTheVersionWasComplete() throws Exception {
    drop(10);
    try (SourceCatalogue sources = SourceCatalogue.read(config, scratch)) {
      assertThat(sources.isDropped(entry(10))).isTrue();
      assertThat(sources.isDropped(entry(11))).isFalse();

      send(topics.roots(), BLOB, null);
      long unused = sources.refresh();

      assertThat(sources.isDropped(entry(10))).isFalse();
    }
  }

  @Test
  void shouldFindWhatTheIndexerHasNotTakenUp() throws Exception {
    new StateOwners(config).assign("the-store");
    update("file:///a", 1);
    update("file:///a", 2);
    update("file:///b", 3);
    send(topics.sourceUpdates(), "file:///b", SourceEntry.getDefaultInstance());
    entry("file:///a", 5);
    takenUp(1);

    try (SourceCatalogue sources = SourceCatalogue.read(config, scratch)) {
      assertThat(visited(sources, "")).containsExactly("file:///a 5", "file:///b 3");

      update("file:///b", 4);
      assertThat(sources.refresh()).isPositive();
      assertThat(visited(sources, "")).containsExactly("file:///a 5", "file:///b 4");

      takenUp(5);
      assertThat(sources.refresh()).isZero();
    }
  }

  private void update(String name, long timeMs) throws Exception {
    send(topics.sourceUpdates(), name, entry(timeMs));
  }

  private void takenUp(long offset) throws Exception {
    try (Admin admin = cluster.admin()) {
      admin
          .alterConsumerGroupOffsets(
              IndexerGroup.application(topics, "the-store").id(),
              Map.of(
                  new TopicPartition(topics.sourceUpdates().name(), 0),
                  new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  @Test
  void shouldNotTakeAPinForADrop() throws Exception {
    send(
        topics.roots(),
        BLOB,
        RootRule.newBuilder().setPin(RootRule.Pin.newBuilder().setPinnedAtMs(10)).build());

    try (SourceCatalogue sources = SourceCatalogue.read(config, scratch)) {
      assertThat(sources.isDropped(entry(1))).isFalse();
    }
  }

  private static List<String> visited(SourceCatalogue sources, String prefix) throws IOException {
    List<String> visited = new ArrayList<>();
    sources.<RuntimeException>visit(
        prefix, (name, entry) -> visited.add(name + " " + entry.getCompletedAtMs()));
    return visited;
  }

  private void entry(String name, long completedAtMs) throws Exception {
    send(topics.sources(), name, entry(completedAtMs));
  }

  private static SourceEntry entry(long completedAtMs) {
    return SourceEntry.newBuilder()
        .setBlobDigest(ByteString.copyFrom(BLOB.toBytes()))
        .setUploadId(ByteString.copyFrom(UPLOAD.toBytes()))
        .setOpenedAtMs(completedAtMs)
        .setCompletedAtMs(completedAtMs)
        .build();
  }

  private void drop(long droppedAtMs) throws Exception {
    send(
        topics.roots(),
        BLOB,
        RootRule.newBuilder()
            .setDrop(RootRule.Drop.newBuilder().setDroppedAtMs(droppedAtMs))
            .build());
  }

  private <K, V> void send(Topic<K, V> topic, K key, @Nullable V value) throws Exception {
    try (KafkaProducer<K, V> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            topic.keys().serializer(),
            topic.values().serializer())) {
      producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }
  }
}
