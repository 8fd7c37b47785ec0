package io.castore.pipeline.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.topics.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Also of {@link GroupOffsets}, which tells how far others have come in such a topic. */
@ExtendWith(TestBroker.class)
final class TopicScanTest {
  private static final int RECORDS = 10;

  private final Cluster cluster;
  private final CastoreConfig config;
  private final Topic<String, String> topic;

  TopicScanTest(Cluster cluster) throws Exception {
    this.cluster = cluster;
    config = cluster.config(Map.of());
    topic = new Topic<>(cluster.prefix() + "scanned", Serdes.String(), Serdes.String());
  }

  /** Two partitions of ten records, a second apart. */
  @BeforeEach
  void fillTopic() throws Exception {
    try (Admin admin = cluster.admin();
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                config.kafkaClient(), new StringSerializer(), new StringSerializer())) {
      cluster.makeTopics(admin, new NewTopic(topic.name(), 2, (short) 1));
      for (int i = 0; i < RECORDS; i++) {
        for (int partition = 0; partition < 2; partition++) {
          Future<RecordMetadata> unused =
              producer.send(
                  new ProducerRecord<>(topic.name(), partition, 1000L * i, "key", "v" + i));
        }
      }
    }
  }

  @Test
  void shouldReadEverythingWithItsPlace() {
    assertThat(read(Map.of(), Map.of(0, 10L, 1, 10L)))
        .hasSize(2 * RECORDS)
        .contains("0@0 v0", "1@9 v9");
  }

  @Test
  void shouldReadNoMoreThanWasAskedFor() {
    assertThat(read(Map.of(0, 3L), Map.of(0, 5L))).containsExactly("0@3 v3", "0@4 v4");
  }

  @Test
  void shouldReadNothingWhereThereIsNothing() {
    assertThat(read(Map.of(0, 5L, 1, 10L), Map.of(0, 5L, 1, 10L))).isEmpty();
  }

  @Test
  void shouldPassOverWhatWasTrimmed() throws Exception {
    try (Admin admin = cluster.admin()) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(topic.name(), 0), RecordsToDelete.beforeOffset(8)))
          .all()
          .get();
    }

    assertThat(read(Map.of(), Map.of(0, 10L))).containsExactly("0@8 v8", "0@9 v9");
  }

  @Test
  void shouldFindPlacesByTime() {
    try (TopicScan<String, String> scan = TopicScan.open(config, topic)) {
      assertThat(scan.partitions()).isEqualTo(2);
      assertThat(scan.offsetsAt(Instant.ofEpochMilli(2500))).isEqualTo(Map.of(0, 3L, 1, 3L));
      assertThat(scan.offsetsAt(Instant.ofEpochMilli(99_000))).isEqualTo(scan.ends());
    }
  }

  @Test
  void shouldReadTwice() {
    List<String> read = new ArrayList<>();
    try (TopicScan<String, String> scan = TopicScan.open(config, topic)) {
      scan.readAll(record -> read.add(record.value()));
      scan.readAll(record -> read.add(record.value()));
    }

    assertThat(read).hasSize(4 * RECORDS);
  }

  @Test
  void shouldTellHowFarAGroupHasCome() throws Exception {
    try (Admin admin = cluster.admin()) {
      String group = cluster.prefix() + "group";
      GroupOffsets offsets = new GroupOffsets(admin, group, topic.name());
      assertThat(offsets.committed()).isEmpty();

      admin
          .alterConsumerGroupOffsets(
              group, Map.of(new TopicPartition(topic.name(), 1), new OffsetAndMetadata(7)))
          .all()
          .get();

      assertThat(offsets.committed()).isEqualTo(Map.of(1, 7L));
      offsets.awaitCommitted(Map.of(1, 7L), Duration.ofMinutes(1), left -> {});
      List<Long> left = new ArrayList<>();
      assertThatExceptionOfType(KafkaException.class)
          .isThrownBy(
              () -> offsets.awaitCommitted(Map.of(0, 1L, 1, 9L), Duration.ofMillis(1), left::add))
          .withMessageContaining(group)
          .withMessageContaining("3 records")
          .withMessageContaining(topic.name());
      assertThat(left).contains(3L);
    }
  }

  private List<String> read(Map<Integer, Long> from, Map<Integer, Long> to) {
    List<String> read = new ArrayList<>();
    try (TopicScan<String, String> scan = TopicScan.open(config, topic)) {
      scan.read(
          from,
          to,
          record -> read.add(record.partition() + "@" + record.offset() + " " + record.value()));
    }
    return read;
  }
}
