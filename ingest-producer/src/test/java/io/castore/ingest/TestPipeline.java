package io.castore.ingest;

import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.digest.Digest;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A real broker with nothing behind it: what a pipeline would say is said by tests. */
final class TestPipeline implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final List<Topics> opened = new ArrayList<>();

  private final Path directory;

  private TestPipeline(EmbeddedBroker broker, Path directory) {
    this.broker = broker;
    this.directory = directory;
  }

  static TestPipeline start() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    Path directory = Files.createTempDirectory("pipeline");
    return new TestPipeline(EmbeddedBroker.start(directory, BrokerOptions.defaults()), directory);
  }

  /** A chunk record with its key. */
  record SentChunk(Digest digest, ChunkRecord record) {}

  /** Makes topics of their own for a test. */
  Topics topics() throws Exception {
    CastoreConfig config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "topics.prefix", "t" + UploadId.random() + ".",
                "topics.chunks.partitions", "2",
                "topics.uploads.partitions", "2",
                "chunk.avg.bytes", "1024"));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
    Topics made = new Topics(config);
    opened.add(made);
    return made;
  }

  @Override
  public void close() throws IOException {
    opened.forEach(topics -> topics.sender.close());
    broker.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The topics of one test. */
  static final class Topics {
    private final CastoreConfig config;
    private final RecordSender sender;

    private Topics(CastoreConfig config) {
      this.config = config;
      sender = RecordSender.open(config);
    }

    CastoreConfig config() {
      return config;
    }

    /** Waits until so many uploads are sealed, and gives these. */
    List<UploadId> awaitSealed(int count) {
      return await().until(this::sealed, ids -> ids.size() >= count);
    }

    private List<UploadId> sealed() {
      List<UploadId> sealed = new ArrayList<>();
      events()
          .forEach(
              (id, events) -> {
                if (events.stream().anyMatch(UploadEvents::isSealed)) {
                  sealed.add(id);
                }
              });
      return sealed;
    }

    /** What was said of each upload. */
    Map<UploadId, List<UploadEvent>> events() {
      Map<UploadId, List<UploadEvent>> events = new HashMap<>();
      try (TopicTail<UploadId, UploadEvent> tail =
          new TopicTail<>(config, config.topics().uploads())) {
        tail.<RuntimeException>readToEnd(
            (id, event) -> events.computeIfAbsent(id, key -> new ArrayList<>()).add(event));
      }
      return events;
    }

    /** What was said of an upload. */
    List<UploadEvent> eventsOf(UploadId id) {
      return events().getOrDefault(id, List.of());
    }

    /** All chunk records, those of a digest in order. */
    List<SentChunk> chunks() {
      List<SentChunk> chunks = new ArrayList<>();
      try (TopicTail<Digest, ChunkRecord> tail =
          new TopicTail<>(config, config.topics().chunks())) {
        tail.<RuntimeException>readToEnd(
            (digest, chunk) -> chunks.add(new SentChunk(digest, chunk)));
      }
      return chunks;
    }

    /** The chunk records of an upload, those of a digest in order. */
    List<SentChunk> chunksOf(UploadId id) {
      return chunks().stream()
          .filter(chunk -> UploadId.of(chunk.record().getUploadId().toByteArray()).equals(id))
          .toList();
    }

    /** Where the chunk records of an upload stand, in the order of the partitions. */
    List<UploadEvent.PartitionRange> placesOf(UploadId id) {
      Map<Integer, UploadEvent.PartitionRange> places = new TreeMap<>();
      Topic<Digest, ChunkRecord> topic = config.topics().chunks();
      try (KafkaConsumer<Digest, ChunkRecord> consumer =
          new KafkaConsumer<>(
              config.kafkaClient(), topic.keys().deserializer(), topic.values().deserializer())) {
        List<TopicPartition> partitions =
            List.of(new TopicPartition(topic.name(), 0), new TopicPartition(topic.name(), 1));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
          for (ConsumerRecord<Digest, ChunkRecord> sent : consumer.poll(Duration.ofSeconds(1))) {
            if (UploadId.of(sent.value().getUploadId().toByteArray()).equals(id)) {
              places.merge(
                  sent.partition(),
                  range(sent.partition(), sent.offset()),
                  (before, one) -> before.toBuilder().setEndOffset(one.getEndOffset()).build());
            }
          }
        }
      }
      return List.copyOf(places.values());
    }

    private static UploadEvent.PartitionRange range(int partition, long offset) {
      return UploadEvent.PartitionRange.newBuilder()
          .setPartition(partition)
          .setFirstOffset(offset)
          .setEndOffset(offset + 1)
          .build();
    }

    void tell(UploadId id, UploadStatus status) {
      tell(config.topics().uploadStatus(), id, status);
    }

    void tell(UploadId id, ChunkReceipt receipt) {
      tell(config.topics().chunkReceipts(), id, receipt);
    }

    /** Asks for chunks, all in one page. */
    void request(UploadId id, Long... seqs) {
      tell(
          config.topics().chunkRequests(),
          id,
          ChunkRequest.newBuilder().addAllSeqs(List.of(seqs)).build());
    }

    /** Says something, in the order of the calls where the key is the same. */
    <K, V> void tell(Topic<K, V> topic, K key, V value) {
      sender.send(topic, key, value, (at, failure) -> {});
    }
  }
}
