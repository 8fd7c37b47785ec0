package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.EventCase;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class StateResetTest {
  private static final String SOURCE = "file:///a.txt";

  private final Cluster cluster;
  private final CastoreConfig config;
  private final Topics topics;
  private final Admin admin;
  private final StreamsApplication former;
  private final StreamsApplication next;

  StateResetTest(Cluster cluster) throws Exception {
    this.cluster = cluster;
    config = cluster.config(Map.of());
    topics = config.topics();
    admin = cluster.admin();
    former = StreamsApplication.of(topics, "indexer", "store-one", topics.uploads());
    next = StreamsApplication.of(topics, "indexer", "another-two", topics.uploads());
  }

  @BeforeEach
  void makeTopics() throws Exception {
    Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldNameAnApplicationForItsStore() {
    assertThat(former.id()).isEqualTo(topics.prefix() + "indexer-store-on");
    assertThat(former.sources()).containsExactly(topics.uploads().name());
  }

  @Test
  void shouldAbortWhatIsOnItsWayAndNothingElse() throws Exception {
    UploadId open = UploadId.random();
    UploadId complete = UploadId.random();
    tell(open, State.OPEN);
    tell(open, State.SEALED);
    tell(complete, State.SEALED);
    tell(complete, State.COMPLETE);

    StateReset.reset(admin, config, List.of(next), List.of(former));

    List<UploadEvent> events = new ArrayList<>();
    try (TopicTail<UploadId, UploadEvent> tail = new TopicTail<>(config, topics.uploads())) {
      tail.<RuntimeException>readToEnd(
          (id, event) -> {
            assertThat(id).isEqualTo(open);
            events.add(event);
          });
    }
    assertThat(events)
        .extracting(UploadEvent::getEventCase)
        .containsExactly(EventCase.OPENED, EventCase.ABORTED);
    assertThat(events.get(0).getOpened().getSource()).isEqualTo(SOURCE);
  }

  @Test
  void shouldPassOverTheRecordsOfTheFormerStoreButNotOverWhatItAborts() throws Exception {
    UploadId open = UploadId.random();
    send(topics.uploads(), open, UploadEvent.getDefaultInstance());
    tell(open, State.OPEN);

    StateReset.reset(admin, config, List.of(next), List.of(former));

    long passedOver =
        admin
            .listConsumerGroupOffsets(next.id())
            .partitionsToOffsetAndMetadata()
            .get()
            .values()
            .stream()
            .mapToLong(offset -> offset.offset())
            .sum();
    assertThat(passedOver).isEqualTo(1);
  }

  @Test
  void shouldGoOnWithUpdatesOfSourcesWhereTheFormerCameTo() throws Exception {
    StreamsApplication readerBefore =
        StreamsApplication.of(topics, "reader", "store-one", topics.sourceUpdates());
    StreamsApplication reader =
        StreamsApplication.of(topics, "reader", "another-two", topics.sourceUpdates());
    TopicPartition read = new TopicPartition(topics.sourceUpdates().name(), 0);
    TopicPartition unread = new TopicPartition(topics.sourceUpdates().name(), 1);
    for (int update = 0; update < 10; update++) {
      send(topics.sourceUpdates(), "file:///" + update, SourceEntry.getDefaultInstance());
    }
    admin
        .alterConsumerGroupOffsets(readerBefore.id(), Map.of(read, new OffsetAndMetadata(1)))
        .all()
        .get();

    StateReset.reset(admin, config, List.of(next, reader), List.of(former, readerBefore));

    assertThat(admin.listConsumerGroupOffsets(reader.id()).partitionsToOffsetAndMetadata().get())
        .containsEntry(read, new OffsetAndMetadata(1))
        .containsEntry(unread, new OffsetAndMetadata(0));
  }

  @Test
  void shouldDeleteTheChangelogsOfTheFormerStoreAlone() throws Exception {
    String gone = former.id() + "-uploads-changelog";
    String kept = next.id() + "-uploads-changelog";
    cluster.makeTopics(admin, new NewTopic(gone, 1, (short) 1), new NewTopic(kept, 1, (short) 1));

    StateReset.reset(admin, config, List.of(next), List.of(former));

    await().until(() -> !admin.listTopics().names().get().contains(gone));
    assertThat(admin.listTopics().names().get()).contains(kept, topics.uploads().name());
  }

  private void tell(UploadId id, State state) throws Exception {
    send(
        topics.uploadStatus(),
        id,
        UploadStatus.newBuilder().setState(state).setSource(SOURCE).build());
  }

  private <K, V> void send(Topic<K, V> topic, K key, V value) throws Exception {
    try (KafkaProducer<K, V> producer =
        new KafkaProducer<>(
            config.kafkaClient(), topic.keys().serializer(), topic.values().serializer())) {
      producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }
  }
}
