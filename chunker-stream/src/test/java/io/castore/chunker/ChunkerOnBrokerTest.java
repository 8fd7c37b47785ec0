package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsSettings;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology as Kafka Streams runs it, on a broker in this process. */
final class ChunkerOnBrokerTest {
  private static final String STORE_ID = "the-store";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final UploadId UPLOAD = UploadId.random();

  @TempDir private static Path brokerDir;
  private static EmbeddedBroker broker;

  private final Topics topics = new Topics("t" + UploadId.random() + ".");
  private final StreamsApplication application = ChunkerGroup.application(topics, STORE_ID);
  private final FallibleWriter store = new FallibleWriter();
  private final CompletableFuture<Throwable> death = new CompletableFuture<>();
  private final List<ChunkReceipt> receipts = new ArrayList<>();
  @TempDir private Path stateDir;
  private int chunkPartitions;
  private Admin admin;
  private final List<KafkaStreams> running = new ArrayList<>();
  private KafkaConsumer<UploadId, ChunkReceipt> consumer;

  @SuppressWarnings("NullAway.Init") // opened before each test
  ChunkerOnBrokerTest() {}

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(brokerDir, BrokerOptions.defaults());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void openClients() {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(settings);
    consumer =
        new KafkaConsumer<>(
            settings,
            topics.chunkReceipts().keys().deserializer(),
            topics.chunkReceipts().values().deserializer());
  }

  @AfterEach
  void close() {
    stop();
    consumer.close();
    admin.close();
  }

  @Test
  void shouldNeverCommitPastAPutThatHasNotEnded() throws Exception {
    makeTopics(1);
    List<Chunk> chunks = chunks(10);
    CountDownLatch letGo = store.holdBack(chunks.get(4).key());
    send(chunks);

    // What the commit does not flush is not sent for a minute.
    start(8, 1, Map.of("commit.interval.ms", "50", "producer.linger.ms", "60000"));
    await().atMost(MINUTE).until(() -> store.begun().contains(chunks.get(4).key()));
    // This commit includes the record whose PUT is held back, and cannot end.
    Commits.awaitBegunOr(() -> false);
    assertThat(committed()).isLessThanOrEqualTo(4);
    assertThat(readReceipts()).extracting(ChunkReceipt::getSeq).doesNotContain(4L);

    letGo.countDown();
    await().atMost(MINUTE).until(() -> committed() == 10);
    // What the offsets vouch for was sent before they were committed.
    assertThat(readReceipts())
        .hasSize(10)
        .extracting(ChunkReceipt::getResult)
        .containsOnly(Result.STORED);
    assertThat(death).isNotDone();
  }

  @Test
  void shouldCommitNothingOfWhatTheStoreDidNotTake() throws Exception {
    makeTopics(1);
    List<Chunk> chunks = chunks(10);
    store.holdBack(
        chunks.get(4).key(),
        () -> {
          Commits.awaitBegunOr(() -> false);
          store.goAway();
        });
    send(chunks);

    start(8, 1, Map.of("commit.interval.ms", "50"));
    assertThat(death.get(1, TimeUnit.MINUTES))
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
    stop();
    assertThat(committed()).isLessThanOrEqualTo(4);
    assertThat(readReceipts()).extracting(ChunkReceipt::getSeq).doesNotContain(4L);

    store.comeBack();
    store.holdBack(chunks.get(4).key()).countDown();
    start(8, 1, Map.of("commit.interval.ms", "50"));
    await().atMost(MINUTE).until(() -> committed() == 10);
    stop();
    assertThat(readReceipts().stream().map(ChunkReceipt::getSeq).distinct()).hasSize(10);
    assertThat(receipts).extracting(ChunkReceipt::getResult).containsOnly(Result.STORED);
  }

  /** No commit is near, so what is settled here is settled while no records come. */
  @Test
  void shouldAnswerRecordsOfOneDigestAfterItsOnePut() throws Exception {
    makeTopics(1);
    Chunk chunk = Chunk.of("chunk");
    CountDownLatch letGo = store.holdBack(chunk.key());
    send(
        chunk.digest(),
        chunk.compressed(UPLOAD, 0),
        chunk.uncompressed(UPLOAD, 1),
        chunk.reference(UPLOAD, 2),
        chunk.reference(UPLOAD, 3).toBuilder().setRawSize(100).build());

    start(8, 1, Map.of("commit.interval.ms", "3600000"));
    awaitReceipts(1);
    assertThat(receipts.get(0).getResult()).isEqualTo(Result.REJECTED);
    assertThat(receipts.get(0).getSeq()).isEqualTo(3);

    letGo.countDown();
    awaitReceipts(4);
    assertThat(receipts)
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.REJECTED, Result.STORED, Result.DEDUPLICATED, Result.DEDUPLICATED);
    assertThat(store.begun()).containsExactly(chunk.key());
    assertThat(committed()).isZero();
    stop();
    // A clean stop makes a commit.
    assertThat(committed()).isEqualTo(4);
  }

  /** No commit is near, and what nothing flushes is not sent for a minute. */
  @Test
  void shouldMakeAnEntryDurableBeforeItsReceiptWhenTheChunkWasJustCollected() throws Exception {
    makeTopics(1);
    Chunk chunk = Chunk.of("chunk");
    send(chunk.digest(), chunk.compressed(UPLOAD, 0), OrderRecords.mark());
    send(
        chunk.digest(),
        OrderRecords.collect(ChunkRecord.Collect.Kind.CHUNK, 1),
        chunk.compressed(UPLOAD, 1));

    start(1, 1, Map.of("commit.interval.ms", "3600000", "producer.linger.ms", "60000"));
    await().atMost(MINUTE).until(() -> death.isDone() || end(changelog()) == 3);

    // The first receipt went with the flush; the second one was not sent before it.
    assertThat(readReceipts()).extracting(ChunkReceipt::getSeq).containsExactly(0L);
    assertThat(store.deletes()).containsExactly(chunk.key());
    assertThat(store.puts()).hasSize(2);
    assertThat(committed()).isZero();
    stop();
    assertThat(readReceipts())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.STORED);
  }

  private String changelog() {
    return application.id() + "-" + ChunkerTopology.STORED_CHUNKS + "-changelog";
  }

  private long end(String topic) throws Exception {
    if (!admin.listTopics().names().get().contains(topic)) {
      return 0;
    }
    TopicPartition all = new TopicPartition(topic, 0);
    return consumer.endOffsets(List.of(all)).getOrDefault(all, 0L);
  }

  /** With a window of 1 PUTs are made by the stream thread, which can be asked there. */
  @Test
  void shouldTellTheStreamThreadWhatItHasCommitted() throws Exception {
    makeTopics(1);
    List<Chunk> chunks = chunks(4);
    send(chunks.subList(0, 3));
    start(1, 1, Map.of("commit.interval.ms", "20"));
    await().atMost(MINUTE).until(() -> death.isDone() || committed() == 3);
    CompletableFuture<Long> seen = new CompletableFuture<>();
    CompletableFuture<Boolean> polled = new CompletableFuture<>();
    store.holdBack(
        chunks.get(3).key(),
        () -> {
          seen.complete(GroupContact.committed(topics.chunks().name(), 0));
          long polledNanos = GroupContact.polledNanos();
          // Where it was not noted, it would be later each time.
          polled.complete(polledNanos == GroupContact.polledNanos());
        });

    send(chunks.subList(3, 4));

    assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo(3);
    assertThat(polled.get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void shouldShareASmallPoolAmongManyTasks() throws Exception {
    makeTopics(4);
    List<Chunk> chunks = chunks(200);
    send(chunks);

    start(2, 2, Map.of("commit.interval.ms", "20"));
    awaitReceipts(200);
    assertThat(store.puts()).hasSize(200).doesNotHaveDuplicates();
    await().atMost(MINUTE).until(() -> committed() == 200);
    assertThat(death).isNotDone();
  }

  /** The instance that gives a partition away waits for its PUTs, and commits, before it does. */
  @Test
  void shouldHandOverToAnotherInstance() throws Exception {
    makeTopics(2);
    List<Chunk> chunks = chunks(20);
    List<CountDownLatch> latches =
        chunks.stream().map(chunk -> store.holdBack(chunk.key())).toList();
    send(chunks);
    start(32, 1, Map.of("commit.interval.ms", "3600000"));
    await().atMost(MINUTE).until(() -> store.begun().size() == 20);

    start(32, 1, Map.of("commit.interval.ms", "50"));
    Commits.awaitBegunOr(() -> false);
    assertThat(committed()).isZero();
    latches.forEach(CountDownLatch::countDown);

    await().atMost(MINUTE).until(() -> hasTasks(running.get(1)));
    awaitReceipts(20);
    assertThat(store.begun()).hasSize(20);
    assertThat(death).isNotDone();
  }

  private static boolean hasTasks(KafkaStreams streams) {
    return streams.metadataForLocalThreads().stream()
        .anyMatch(thread -> !thread.activeTasks().isEmpty());
  }

  private static List<Chunk> chunks(int count) {
    return IntStream.range(0, count).mapToObj(i -> Chunk.of("chunk " + i)).toList();
  }

  private void makeTopics(int partitions) throws Exception {
    chunkPartitions = partitions;
    List<NewTopic> wanted =
        Stream.of(topics.chunks(), topics.chunkReceipts(), topics.chunksDlq())
            .map(Topic::name)
            .map(
                name ->
                    new NewTopic(
                        name, name.equals(topics.chunks().name()) ? partitions : 1, (short) 1))
            .toList();
    admin.createTopics(wanted).all().get();
    List<String> names = wanted.stream().map(NewTopic::name).toList();
    await().atMost(MINUTE).until(() -> admin.listTopics().names().get().containsAll(names));
    List<TopicPartition> all = List.of(new TopicPartition(topics.chunkReceipts().name(), 0));
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  /** Sends each chunk with its place in the list as its number. */
  private void send(List<Chunk> chunks) throws Exception {
    List<ProducerRecord<Digest, ChunkRecord>> records = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      records.add(record(chunks.get(i).digest(), chunks.get(i).compressed(UPLOAD, i)));
    }
    sendAll(records);
  }

  private void send(Digest key, ChunkRecord... records) throws Exception {
    sendAll(Stream.of(records).map(record -> record(key, record)).toList());
  }

  private ProducerRecord<Digest, ChunkRecord> record(Digest key, ChunkRecord chunk) {
    return new ProducerRecord<>(topics.chunks().name(), key, chunk);
  }

  private void sendAll(List<ProducerRecord<Digest, ChunkRecord>> records) throws Exception {
    try (KafkaProducer<Digest, ChunkRecord> producer = producer()) {
      List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    }
  }

  private KafkaProducer<Digest, ChunkRecord> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        topics.chunks().keys().serializer(),
        topics.chunks().values().serializer());
  }

  private void start(int window, int threads, Map<String, String> streamsSettings)
      throws Exception {
    Map<String, String> keys = new HashMap<>();
    keys.put("bootstrap.servers", broker.bootstrapServers());
    keys.put("topics.prefix", topics.prefix());
    keys.put("state.dir", stateDir.resolve("instance-" + running.size()).toString());
    // A static member's next start need not wait for its session to end.
    keys.put("instance.id", "instance-" + running.size());
    keys.put("streams.main.consumer.auto.offset.reset", "earliest");
    streamsSettings.forEach((key, value) -> keys.put("streams." + key, value));
    CastoreConfig config = CastoreConfig.of(keys);
    Properties settings = StreamsSettings.of(config, application, threads);
    StoreTarget target =
        new StoreTarget(
            STORE_ID,
            Chunk.CODEC,
            new PutPool(store, window, 1 << 20),
            MINUTE,
            GroupContact.follow(settings),
            new ChunkerMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF);
    KafkaStreams streams =
        new KafkaStreams(ChunkerTopology.build(topics, chunkPartitions, target), settings);
    streams.setUncaughtExceptionHandler(
        error -> {
          death.complete(error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
    running.add(streams);
  }

  private void stop() {
    CloseOptions leave =
        CloseOptions.timeout(MINUTE)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    running.forEach(streams -> streams.close(leave));
    running.clear();
  }

  /** How many records are committed, over all partitions. */
  private long committed() throws Exception {
    return admin
        .listConsumerGroupOffsets(application.id())
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  private void awaitReceipts(int count) {
    await().atMost(MINUTE).until(() -> death.isDone() || readReceipts().size() >= count);
    assertThat(death).isNotDone();
    assertThat(receipts).hasSize(count);
  }

  /** All receipts that are in the topic by now. */
  private List<ChunkReceipt> readReceipts() {
    TopicPartition all = new TopicPartition(topics.chunkReceipts().name(), 0);
    long end = consumer.endOffsets(List.of(all)).getOrDefault(all, 0L);
    while (consumer.position(all) < end) {
      consumer.poll(Duration.ofMillis(100)).forEach(record -> receipts.add(record.value()));
    }
    return receipts;
  }
}
