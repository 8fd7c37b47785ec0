package io.castore.pipeline.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import io.castore.proto.pipeline.ChunkRecord.ContentCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class ChunkOrdersTest {
  private static final String STORE = "store-1";

  private final Cluster cluster;
  private final CastoreConfig config;

  ChunkOrdersTest(Cluster cluster) throws Exception {
    this.cluster = cluster;
    config = cluster.config(Map.of());
  }

  @BeforeEach
  void makeTopics() throws Exception {
    try (Admin admin = cluster.admin()) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
  }

  @Test
  void shouldMarkEachPartition() throws Exception {
    UploadId run = UploadId.random();
    try (ChunkOrders orders = ChunkOrders.open(config, STORE)) {
      orders.claim(digest(1));
      orders.flush();

      Map<Integer, Long> marks = orders.mark(run);

      assertThat(marks).containsOnlyKeys(0, 1, 2);
      List<ConsumerRecord<Digest, ChunkRecord>> found =
          read().stream().filter(record -> record.value().hasMark()).toList();
      assertThat(found).hasSize(3);
      assertThat(found)
          .allSatisfy(
              mark -> {
                assertThat(mark.key()).isNull();
                assertThat(mark.value().getMark().getRunId().toByteArray())
                    .isEqualTo(run.toBytes());
                assertThat(marks).containsEntry(mark.partition(), mark.offset());
              });
    }
  }

  @Test
  void shouldPutOrdersWhereTheDigestsOtherRecordsAre() throws Exception {
    Map<Digest, Integer> partitions = new HashMap<>();
    try (KafkaProducer<Digest, ChunkRecord> producer =
            new KafkaProducer<>(
                config.kafkaClient(),
                config.topics().chunks().keys().serializer(),
                config.topics().chunks().values().serializer());
        ChunkOrders orders = ChunkOrders.open(config, STORE)) {
      for (int i = 0; i < 20; i++) {
        Digest digest = digest(i);
        partitions.put(
            digest,
            producer
                .send(
                    new ProducerRecord<>(
                        config.topics().chunks().name(), digest, ChunkRecord.getDefaultInstance()))
                .get()
                .partition());
        orders.forget(digest);
      }
      orders.flush();

      partitions.forEach(
          (digest, partition) -> assertThat(orders.partitionOf(digest)).isEqualTo(partition));
    }
    assertThat(read())
        .hasSize(40)
        .allSatisfy(
            record -> assertThat(partitions).containsEntry(record.key(), record.partition()));
  }

  @Test
  void shouldSayWhatIsToBeDoneAndWhere() throws Exception {
    UploadId run = UploadId.random();
    Map<Integer, Long> ends;
    try (ChunkOrders orders = ChunkOrders.open(config, STORE)) {
      orders.collect(run, Collect.Kind.BLOB, digest(1), 17);
      orders.restore(digest(1), 5, new byte[] {1, 2});
      orders.forget(digest(1));
      orders.claim(digest(1));
      ends = orders.flush();
      assertThat(ends).isEqualTo(Map.of(orders.partitionOf(digest(1)), 4L));
    }

    List<ChunkRecord> records = read().stream().map(ConsumerRecord::value).toList();
    assertThat(records)
        .extracting(ChunkRecord::getContentCase)
        .containsExactly(
            ContentCase.COLLECT, ContentCase.RESTORE, ContentCase.FORGET, ContentCase.CLAIM);
    Collect collect = records.get(0).getCollect();
    assertThat(collect.getRunId().toByteArray()).isEqualTo(run.toBytes());
    assertThat(collect.getKind()).isEqualTo(Collect.Kind.BLOB);
    assertThat(collect.getMarkOffset()).isEqualTo(17);
    assertThat(collect.getStoreId()).isEqualTo(STORE);
    assertThat(records.get(1).getRawSize()).isEqualTo(5);
    assertThat(records.get(1).getRestore().getZstdFrame().toByteArray()).containsExactly(1, 2);
    assertThat(records.get(1).getRestore().getStoreId()).isEqualTo(STORE);
    assertThat(records.get(2).getForget().getStoreId()).isEqualTo(STORE);
  }

  private List<ConsumerRecord<Digest, ChunkRecord>> read() {
    List<ConsumerRecord<Digest, ChunkRecord>> records = new ArrayList<>();
    try (TopicScan<Digest, ChunkRecord> scan = TopicScan.open(config, config.topics().chunks())) {
      scan.readAll(records::add);
    }
    return records;
  }

  private static Digest digest(int seed) {
    return Blake3.hash(new byte[] {(byte) seed});
  }
}
