package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class StartOffsetsTest {
  private final Cluster cluster;
  private final Admin admin;
  private final String topic;
  private final String group;
  private final TopicPartition first;
  private final TopicPartition second;

  StartOffsetsTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
    topic = cluster.prefix() + "source";
    group = cluster.prefix() + "group";
    first = new TopicPartition(topic, 0);
    second = new TopicPartition(topic, 1);
  }

  @BeforeEach
  void makeTopicWhoseFirstRecordsAreGone() throws Exception {
    cluster.makeTopics(admin, new NewTopic(topic, 2, (short) 1));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, 1, null, new byte[] {1})));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    }
    admin.deleteRecords(Map.of(second, RecordsToDelete.beforeOffset(2))).all().get();
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldGiveANewGroupTheEarliestRecordOfEachPartition() throws Exception {
    StartOffsets.initialise(admin, group, List.of(topic));

    assertThat(committed()).isEqualTo(Map.of(first, 0L, second, 2L));
  }

  @Test
  void shouldLeaveWhatIsCommitted() throws Exception {
    admin.alterConsumerGroupOffsets(group, Map.of(second, new OffsetAndMetadata(4))).all().get();

    StartOffsets.initialise(admin, group, List.of(topic));
    StartOffsets.initialise(admin, group, List.of(topic));

    assertThat(committed()).isEqualTo(Map.of(first, 0L, second, 4L));
  }

  @Test
  void shouldPassOverWhatIsThere() throws Exception {
    StartOffsets.initialise(admin, group, List.of(topic));
    StartOffsets.skipToEnd(admin, group, List.of(topic));

    assertThat(committed()).isEqualTo(Map.of(first, 0L, second, 5L));
  }

  private Map<TopicPartition, Long> committed() throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }
}
