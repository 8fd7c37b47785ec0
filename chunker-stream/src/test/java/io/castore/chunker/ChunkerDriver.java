package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.ClaimedBlob;
import io.castore.proto.state.StoredChunk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology on Kafka's driver, which makes a commit after each record. */
final class ChunkerDriver implements AutoCloseable {
  static final Topics TOPICS = new Topics("castore.");
  static final String STORE_ID = "the-store";
  static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);

  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> chunks;
  private final TestOutputTopic<UploadId, ChunkReceipt> receipts;
  private final TestOutputTopic<byte[], byte[]> deadLetters;

  ChunkerDriver(Topology topology, Path stateDir) {
    Properties settings = new Properties();
    settings.put("application.id", "chunker");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", stateDir.resolve(UploadId.random().toString()).toString());
    driver = new TopologyTestDriver(topology, settings, NOW);
    chunks =
        driver.createInputTopic(
            TOPICS.chunks().name(), new ByteArraySerializer(), new ByteArraySerializer());
    receipts =
        driver.createOutputTopic(
            TOPICS.chunkReceipts().name(),
            TOPICS.chunkReceipts().keys().deserializer(),
            TOPICS.chunkReceipts().values().deserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.chunksDlq().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static <S extends ObjectWriter & ObjectRemover> Topology topology(
      S store, int window, int partitions, Duration timeout) {
    return topology(
        store, window, partitions, timeout, new Telemetry(new SimpleMeterRegistry(), Tracing.OFF));
  }

  static <S extends ObjectWriter & ObjectRemover> Topology topology(
      S store, int window, int partitions, Duration timeout, Telemetry telemetry) {
    ChunkerMeters meters = new ChunkerMeters(telemetry.meters(), TOPICS.chunksDlq().name());
    return ChunkerTopology.build(
        TOPICS,
        partitions,
        new StoreTarget(
            STORE_ID,
            Chunk.CODEC,
            new PutPool(new MeteredStore<>(store, meters), window, 1 << 20),
            timeout,
            Duration.ofMinutes(1),
            meters,
            telemetry.tracing()));
  }

  void pipe(Digest key, ChunkRecord chunk, Headers headers) {
    chunks.pipeInput(new TestRecord<>(key.toBytes(), chunk.toByteArray(), headers));
  }

  void pipe(Digest key, ChunkRecord chunk) {
    pipe(key.toBytes(), chunk.toByteArray());
  }

  @SuppressWarnings("NullAway") // a record without a key or a value is legal in Kafka
  void pipe(byte @Nullable [] key, byte @Nullable [] value) {
    chunks.pipeInput(key, value);
  }

  void mark() {
    pipe(null, OrderRecords.mark().toByteArray());
  }

  /** Fills the topic with records of no effect until the next one has an offset. */
  void skipTo(long offset) {
    for (long next = 0; next < offset; next++) {
      pipe(new byte[0], new byte[0]);
    }
    deadLetters.readRecordsToList();
  }

  TestOutputTopic<UploadId, ChunkReceipt> receipts() {
    return receipts;
  }

  TestOutputTopic<byte[], byte[]> deadLetters() {
    return deadLetters;
  }

  static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Nullable StoredChunk marker(Digest digest) {
    return storedChunks().get(digest);
  }

  KeyValueStore<Digest, StoredChunk> storedChunks() {
    return driver.getKeyValueStore(ChunkerTopology.STORED_CHUNKS);
  }

  List<KeyValue<Digest, StoredChunk>> state() {
    List<KeyValue<Digest, StoredChunk>> state = new ArrayList<>();
    try (KeyValueIterator<Digest, StoredChunk> all = storedChunks().all()) {
      all.forEachRemaining(state::add);
    }
    return state;
  }

  /** What survives a task. */
  record State(
      List<KeyValue<Digest, StoredChunk>> chunks, List<KeyValue<Digest, ClaimedBlob>> claims) {}

  State save() {
    List<KeyValue<Digest, ClaimedBlob>> claims = new ArrayList<>();
    try (KeyValueIterator<Digest, ClaimedBlob> all = claimedBlobs().all()) {
      all.forEachRemaining(claims::add);
    }
    return new State(state(), claims);
  }

  void load(State state) {
    storedChunks().putAll(state.chunks());
    claimedBlobs().putAll(state.claims());
  }

  @Nullable ClaimedBlob claim(Digest digest) {
    return claimedBlobs().get(digest);
  }

  private KeyValueStore<Digest, ClaimedBlob> claimedBlobs() {
    return driver.getKeyValueStore(ChunkerTopology.CLAIMED_BLOBS);
  }

  void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  /** Value of one of the topology's own metrics. */
  double metric(String name) {
    return driver.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().group().equals("stream-chunker-metrics"))
        .filter(entry -> entry.getKey().name().equals(name))
        .map(entry -> (Double) entry.getValue().metricValue())
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    driver.close();
  }

  /** Closes a driver whose task failed, which cannot make its last commit. */
  void throwAway() {
    try {
      driver.close();
    } catch (StreamsException expected) {
      // What it says has been seen before.
    }
  }
}
