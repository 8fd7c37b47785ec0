package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChunkerTopologyTest {
  private static final Topics TOPICS = new Topics("castore.");
  private static final String STORE_ID = "the-store";
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");

  private final FallibleWriter store = new FallibleWriter();
  @TempDir private Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> chunks;
  private TestOutputTopic<UploadId, ChunkReceipt> receipts;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start() {
    start(1);
  }

  private void start(int partitions) {
    Properties settings = new Properties();
    settings.put("application.id", "chunker");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", stateDir.toString());
    driver = new TopologyTestDriver(topology(partitions), settings, NOW);
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

  @AfterEach
  void stop() {
    driver.close();
  }

  private Topology topology(int partitions) {
    return ChunkerTopology.build(TOPICS, partitions, store, STORE_ID, Chunk.CODEC);
  }

  /** {@code -Dcastore.golden.update=true} writes the file anew. */
  @Test
  void shouldHaveTheShapeThatIsOnFile() throws IOException {
    Path golden = Path.of("src/test/resources/chunker-topology.txt");
    String shape = topology(1).describe().toString();
    if (Boolean.getBoolean("castore.golden.update")) {
      Files.writeString(golden, shape);
    }

    assertThat(golden).content().isEqualTo(shape);
  }

  @Test
  void shouldStoreTheFrameOfANewChunkAndSayStored() throws IOException {
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 7));

    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(receipts.readKeyValuesToList())
        .containsExactly(KeyValue.pair(UPLOAD, receipt(7, Result.STORED)));
    assertThat(marker(CHUNK.digest()))
        .isEqualTo(
            StoredChunk.newBuilder()
                .setSource(RecordPosition.newBuilder().setTopic("castore.chunks").setPartition(0))
                .setStoredAtMs(NOW.toEpochMilli())
                .setStoredSize(CHUNK.frame().length)
                .setRawSize(CHUNK.raw().length)
                .build());
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldStoreAKnownChunkNoMore() {
    UploadId other = UploadId.random();

    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    pipe(CHUNK.digest(), CHUNK.uncompressed(other, 5));

    assertThat(store.puts()).containsExactly(CHUNK.key());
    assertThat(receipts.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(UPLOAD, receipt(0, Result.STORED)),
            KeyValue.pair(UPLOAD, receipt(1, Result.DEDUPLICATED)),
            KeyValue.pair(other, receipt(5, Result.DEDUPLICATED)));
  }

  @Test
  void shouldSayTheSameAgainWhenRecordsComeAgain() {
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    List<ChunkReceipt> said = receipts.readValuesToList();

    restartWithState();
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));

    assertThat(receipts.readValuesToList()).isEqualTo(said);
    assertThat(store.puts()).containsExactly(CHUNK.key());
  }

  @Test
  void shouldStoreAgainWhereTheMarkerWasLost() throws IOException {
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));

    stop();
    start();
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));

    assertThat(store.puts()).containsExactly(CHUNK.key(), CHUNK.key());
    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(receipts.readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  @Test
  void shouldCompressWhatComesRaw() throws IOException {
    pipe(CHUNK.digest(), CHUNK.uncompressed(UPLOAD, 0));

    assertThat(ChunkCodec.decompress(store.object(CHUNK.key()), CHUNK.raw().length))
        .isEqualTo(CHUNK.raw());
    assertThat(receipts.readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  private static Stream<ChunkRecord> recordsAtFault() {
    byte[] frame = CHUNK.frame();
    Chunk bomb = new Chunk(new byte[1 << 20]);
    return Stream.of(
        Chunk.of("another").compressed(UPLOAD, 3),
        Chunk.of("another").uncompressed(UPLOAD, 3),
        CHUNK
            .envelope(UPLOAD, 3)
            .setZstdFrame(ByteString.copyFrom(Arrays.copyOf(frame, frame.length - 2)))
            .build(),
        bomb.compressed(UPLOAD, 3).toBuilder().setRawSize(CHUNK.raw().length).build(),
        CHUNK.compressed(UPLOAD, 3).toBuilder().setRawSize(0).build(),
        CHUNK.compressed(UPLOAD, 3).toBuilder().setRawSize((4 << 20) + 1).build(),
        CHUNK.envelope(UPLOAD, 3).build());
  }

  @ParameterizedTest
  @MethodSource("recordsAtFault")
  void shouldRejectARecordAtFaultAndGoOn(ChunkRecord atFault) {
    pipe(CHUNK.digest(), atFault);
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 4));

    ChunkReceipt rejected = receipts.readValue();
    assertThat(rejected.getResult()).isEqualTo(Result.REJECTED);
    assertThat(rejected.getSeq()).isEqualTo(3);
    assertThat(rejected.getReason()).isNotEmpty();
    assertThat(receipts.readValue()).isEqualTo(receipt(4, Result.STORED));
    TestRecord<byte[], byte[]> deadLetter = deadLetters.readRecord();
    assertThat(deadLetter.key()).isEqualTo(CHUNK.digest().toBytes());
    assertThat(deadLetter.value()).isEqualTo(atFault.toByteArray());
    assertThat(header(deadLetter, DeadLetters.REASON)).isEqualTo(rejected.getReason());
    assertThat(header(deadLetter, DeadLetters.TOPIC)).isEqualTo("castore.chunks");
    assertThat(header(deadLetter, DeadLetters.PARTITION)).isEqualTo("0");
    assertThat(header(deadLetter, DeadLetters.OFFSET)).isEqualTo("0");
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(store.puts()).containsExactly(CHUNK.key());
  }

  @Test
  void shouldRejectAnotherSizeThanIsStored() {
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1).toBuilder().setRawSize(5).build());

    assertThat(receipts.readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.REJECTED);
    assertThat(deadLetters.readRecordsToList()).hasSize(1);
  }

  @Test
  void shouldRejectARecordInAnotherPartitionThanItsKeys() {
    stop();
    start(2);
    Chunk elsewhere = inPartition(1);
    Chunk here = inPartition(0);

    pipe(elsewhere.digest(), elsewhere.compressed(UPLOAD, 0));
    pipe(here.digest(), here.compressed(UPLOAD, 1));

    assertThat(receipts.readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.REJECTED, Result.STORED);
    assertThat(header(deadLetters.readRecord(), DeadLetters.REASON))
        .isEqualTo("the record is in partition 0 (expected: 1, by its key)");
    assertThat(store.puts()).containsExactly(here.key());
  }

  private static Chunk inPartition(int partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> Chunk.of("chunk " + i))
        .filter(chunk -> new KeyPartition(2).of(chunk.digest()) == partition)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldOnlySetAsideWhatNamesNoUpload() {
    byte[] good = CHUNK.compressed(UPLOAD, 0).toByteArray();
    byte[] unparsable = Arrays.copyOf(good, good.length - 1);
    byte[] withoutUpload =
        CHUNK.compressed(UPLOAD, 0).toBuilder().clearUploadId().build().toByteArray();

    chunks.pipeInput(CHUNK.digest().toBytes(), unparsable);
    chunks.pipeInput(CHUNK.digest().toBytes(), withoutUpload);
    chunks.pipeInput(new byte[] {1, 2, 3}, good);
    pipeNull(CHUNK.digest().toBytes(), null);
    pipeNull(null, good);
    chunks.pipeInput(CHUNK.digest().toBytes(), good);

    assertThat(deadLetters.readRecordsToList())
        .hasSize(5)
        .allSatisfy(letter -> assertThat(header(letter, DeadLetters.REASON)).isNotEmpty());
    assertThat(receipts.readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  @SuppressWarnings("NullAway") // a record without a key or a value is legal in Kafka
  private void pipeNull(byte @Nullable [] key, byte @Nullable [] value) {
    chunks.pipeInput(key, value);
  }

  @Test
  void shouldNeitherRememberNorAnswerWhatTheStoreDidNotTake() {
    store.goAway();

    assertThatThrownBy(() -> pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0)))
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(receipts.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(storedChunks().get(CHUNK.digest())).isNull();

    restartWithState();
    store.comeBack();
    pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    assertThat(receipts.readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  private void pipe(Digest key, ChunkRecord chunk) {
    chunks.pipeInput(key.toBytes(), chunk.toByteArray());
  }

  /** Offsets start again at 0, so what is piped then are the same records coming again. */
  private void restartWithState() {
    List<KeyValue<Digest, StoredChunk>> state = new ArrayList<>();
    try (KeyValueIterator<Digest, StoredChunk> all = storedChunks().all()) {
      all.forEachRemaining(state::add);
    }
    stop();
    start();
    storedChunks().putAll(state);
  }

  private KeyValueStore<Digest, StoredChunk> storedChunks() {
    return driver.getKeyValueStore(ChunkerTopology.STORED_CHUNKS);
  }

  private StoredChunk marker(Digest digest) {
    return Objects.requireNonNull(storedChunks().get(digest));
  }

  private static ChunkReceipt receipt(long seq, Result result) {
    return ChunkReceipt.newBuilder()
        .setSeq(seq)
        .setDigest(ByteString.copyFrom(CHUNK.digest().toBytes()))
        .setRawSize(CHUNK.raw().length)
        .setResult(result)
        .setStoreId(STORE_ID)
        .build();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
