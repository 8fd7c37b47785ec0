package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the role asks of Kafka, asked of Kafka. */
final class RealBrokerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static Admin admin;

  private CastoreConfig config;
  private Topic<?, ChunkRecord> chunks;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerOptions.defaults());
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    broker.close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "topics.prefix",
                "t" + UploadId.random() + ".",
                "state.dir",
                directory.resolve("state").toString()));
    chunks = config.topics().chunks();
    List<String> names =
        Stream.of(
                chunks,
                config.topics().uploads(),
                config.topics().chunkReceipts(),
                config.topics().chunkRequests(),
                config.topics().uploadStatus(),
                config.topics().sourceUpdates(),
                config.topics().sources(),
                config.topics().eventsDlq())
            .map(Topic::name)
            .toList();
    admin
        .createTopics(names.stream().map(name -> new NewTopic(name, 2, (short) 1)).toList())
        .all()
        .get();
    await().atMost(PATIENCE).until(() -> admin.listTopics().names().get().containsAll(names));
  }

  @Test
  void shouldPublishWithThreadsOfItsOwn() throws Exception {
    MemoryObjectStore store = new MemoryObjectStore();
    List<Upload> uploads = Stream.of(0, 1, 3, 1_500).map(Upload::of).toList();
    try (StoreBreaker breaker = StoreBreaker.start(() -> {}, Duration.ofHours(1));
        StreamsRunner running = IndexService.start(config, store, Upload.STORE_ID, admin, breaker);
        KafkaProducer<byte[], byte[]> producer = producer();
        TopicScan<Digest, ChunkRecord> claims = TopicScan.open(config, config.topics().chunks());
        TopicTail<UploadId, UploadStatus> statuses =
            new TopicTail<>(config, config.topics().uploadStatus())) {
      assertThat(running.failure()).isNotDone();
      List<Future<?>> sent = new ArrayList<>();
      for (Upload upload : uploads) {
        byte[] id = upload.id().toBytes();
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    config.topics().uploads().name(), id, upload.opened().toByteArray())));
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    config.topics().uploads().name(), id, upload.sealed().toByteArray())));
        for (int seq = 0; seq < upload.chunks().size(); seq++) {
          sent.add(
              producer.send(
                  new ProducerRecord<>(
                      config.topics().chunkReceipts().name(),
                      id,
                      upload.receipt(seq).toByteArray())));
        }
      }
      for (Future<?> one : sent) {
        assertThat(one.get()).isNotNull();
      }

      answerClaims(claims, producer, uploads.size());
      Map<UploadId, State> states = new HashMap<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                statuses.readMore((id, status) -> states.put(id, status.getState()));
                return uploads.stream().allMatch(up -> states.get(up.id()) == State.COMPLETE);
              });
    }
    for (Upload upload : uploads) {
      assertThat(Upload.read(store, upload.key())).contains(upload.object());
    }
    try (TopicTail<String, SourceEntry> sources =
        new TopicTail<>(config, config.topics().sources())) {
      Map<String, ByteString> newest = new HashMap<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                sources.readMore((name, entry) -> newest.put(name, entry.getBlobDigest()));
                return newest.containsKey(Upload.SOURCE);
              });
    }
  }

  /** Answers as the chunker does, and makes sure that claims stand where a chunk would. */
  private void answerClaims(
      TopicScan<Digest, ChunkRecord> claims, KafkaProducer<byte[], byte[]> producer, int uploads)
      throws Exception {
    await()
        .atMost(PATIENCE)
        .until(() -> claims.ends().values().stream().mapToLong(end -> end).sum() >= uploads);
    List<ConsumerRecord<Digest, ChunkRecord>> all = new ArrayList<>();
    claims.<RuntimeException>readAll(all::add);
    for (ConsumerRecord<Digest, ChunkRecord> claim : all) {
      assertThat(claim.value().hasClaim()).isTrue();
      assertThat(claim.partition())
          .isEqualTo(BuiltInPartitioner.partitionForKey(claim.key().toBytes(), 2));
      assertThat(
              producer
                  .send(
                      new ProducerRecord<>(
                          config.topics().chunkReceipts().name(),
                          claim.value().getUploadId().toByteArray(),
                          Upload.claimed(claim.key()).toByteArray()))
                  .get())
          .isNotNull();
    }
  }

  @Test
  void shouldKnowHowFarTheChunkerHasCome() throws Exception {
    Upload upload = Upload.of(4);
    send(0, upload, 0);
    send(0, upload, 1);
    send(1, upload, 2);
    ChunkerOffsets offsets =
        new ChunkerOffsets(config, "a-store-and-more", StoreWorkers.onThreads(), System::nanoTime);
    assertThat(offsets.stored()).isEmpty();

    admin
        .alterConsumerGroupOffsets(
            config.topics().prefix() + "chunker-a-store-",
            Map.of(
                new TopicPartition(chunks.name(), 0), new OffsetAndMetadata(1),
                new TopicPartition(chunks.name(), 1), new OffsetAndMetadata(1)))
        .all()
        .get();

    await().atMost(PATIENCE).until(() -> offsets.stored().isPresent());
    assertThat(offsets.stored()).contains(Map.of(0, 1L, 1, Long.MAX_VALUE));
  }

  @Test
  void shouldReadWhatIsLeftOfAnUpload() throws Exception {
    Upload upload = Upload.of(5);
    Upload other = Upload.of(2);
    send(0, upload, 0);
    send(0, upload, 1);
    send(0, other, 0);
    send(0, upload, 2);
    send(0, upload, 3);
    send(1, other, 1);
    send(1, upload, 4);
    admin
        .deleteRecords(
            Map.of(new TopicPartition(chunks.name(), 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();

    List<ChunkReplay.Entry> found = new ArrayList<>();
    try (ChunkReplay.Reading reading =
        new KafkaChunkReplay(config)
            .open(upload.id(), List.of(range(0, 0, 4), range(1, 0, 99), range(7, 0, 1)))) {
      for (Optional<List<ChunkReplay.Entry>> next = reading.next();
          next.isPresent();
          next = reading.next()) {
        found.addAll(next.get());
      }
    }

    assertThat(found)
        .contains(entry(upload, 1), entry(upload, 2), entry(upload, 4))
        // The first was trimmed, and the other upload's first is the same chunk.
        .doesNotContain(entry(upload, 0));
  }

  private static PartitionRange range(int partition, long first, long end) {
    return PartitionRange.newBuilder()
        .setPartition(partition)
        .setFirstOffset(first)
        .setEndOffset(end)
        .build();
  }

  private static ChunkReplay.Entry entry(Upload upload, int seq) {
    ChunkRef chunk = upload.chunks().get(seq);
    return new ChunkReplay.Entry(seq, chunk.digest(), (int) chunk.size());
  }

  private void send(int partition, Upload upload, int seq) throws Exception {
    ChunkRef chunk = upload.chunks().get(seq);
    ChunkRecord record =
        ChunkRecord.newBuilder()
            .setUploadId(ByteString.copyFrom(upload.id().toBytes()))
            .setSeq(seq)
            .setRawSize((int) chunk.size())
            .setReference(ChunkRecord.Reference.getDefaultInstance())
            .build();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer
          .send(
              new ProducerRecord<>(
                  chunks.name(), partition, chunk.digest().toBytes(), record.toByteArray()))
          .get();
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
