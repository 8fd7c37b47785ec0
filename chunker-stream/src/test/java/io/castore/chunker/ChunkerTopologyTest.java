package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the window, each record has the same effects. */
@ParameterizedClass(name = "window {0}")
@ValueSource(ints = {1, 8})
final class ChunkerTopologyTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");

  private final int window;
  private final FallibleWriter store = new FallibleWriter();
  @TempDir private Path stateDir;
  private ChunkerDriver driver;

  @SuppressWarnings("NullAway.Init") // started before each test
  ChunkerTopologyTest(int window) {
    this.window = window;
  }

  @BeforeEach
  void start() {
    start(1);
  }

  private void start(int partitions) {
    driver = new ChunkerDriver(topology(partitions), stateDir);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private Topology topology(int partitions) {
    return ChunkerDriver.topology(store, window, partitions, Duration.ofMinutes(1));
  }

  /** {@code -Dcastore.golden.update=true} writes the file anew. */
  @Test
  void shouldHaveTheShapeThatIsOnFile() throws IOException {
    Path golden =
        Path.of(
            "src/test/resources",
            window == 1 ? "chunker-topology-plain.txt" : "chunker-topology.txt");
    String shape = topology(1).describe().toString();
    if (Boolean.getBoolean("castore.golden.update")) {
      Files.writeString(golden, shape);
    }

    assertThat(golden).content().isEqualTo(shape);
  }

  @Test
  void shouldStoreTheFrameOfANewChunkAndSayStored() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 7));

    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(driver.receipts().readKeyValuesToList())
        .containsExactly(KeyValue.pair(UPLOAD, receipt(7, Result.STORED)));
    assertThat(driver.marker(CHUNK.digest()))
        .isEqualTo(
            StoredChunk.newBuilder()
                .setSource(RecordPosition.newBuilder().setTopic("castore.chunks").setPartition(0))
                .setStoredAtMs(ChunkerDriver.NOW.toEpochMilli())
                .setStoredSize(CHUNK.frame().length)
                .setRawSize(CHUNK.raw().length)
                .build());
    assertThat(driver.deadLetters().isEmpty()).isTrue();
  }

  @Test
  void shouldStoreAKnownChunkNoMore() {
    UploadId other = UploadId.random();

    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), CHUNK.uncompressed(other, 5));

    assertThat(store.puts()).containsExactly(CHUNK.key());
    assertThat(driver.receipts().readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(UPLOAD, receipt(0, Result.STORED)),
            KeyValue.pair(UPLOAD, receipt(1, Result.DEDUPLICATED)),
            KeyValue.pair(other, receipt(5, Result.DEDUPLICATED)));
  }

  @Test
  void shouldSayTheSameAgainWhenRecordsComeAgain() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    List<ChunkReceipt> said = driver.receipts().readValuesToList();

    restartWithState();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));

    assertThat(driver.receipts().readValuesToList()).isEqualTo(said);
    assertThat(store.puts()).containsExactly(CHUNK.key());
  }

  @Test
  void shouldStoreAgainWhereTheMarkerWasLost() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));

    stop();
    start();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));

    assertThat(store.puts()).containsExactly(CHUNK.key(), CHUNK.key());
    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(driver.receipts().readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  @Test
  void shouldCompressWhatComesRaw() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.uncompressed(UPLOAD, 0));

    assertThat(ChunkCodec.decompress(store.object(CHUNK.key()), CHUNK.raw().length))
        .isEqualTo(CHUNK.raw());
    assertThat(driver.receipts().readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  private static Stream<Arguments> recordsAtFault() {
    byte[] frame = CHUNK.frame();
    Chunk another = Chunk.of("another");
    Chunk bomb = new Chunk(new byte[1 << 20]);
    Chunk overLong = new Chunk(new byte[(4 << 20) + 1]);
    ByteString noFrame = ByteString.copyFromUtf8("no frame");
    String sizes = "bytes (expected: 1 to 4194304)";
    return Stream.of(
        arguments("frame of another chunk", another.compressed(UPLOAD, 3), "digest"),
        arguments("another chunk, raw", another.uncompressed(UPLOAD, 3), "digest"),
        arguments("frame that is cut", framed(Arrays.copyOf(frame, frame.length - 2)), ""),
        arguments("frame with bytes after it", framed(Arrays.copyOf(frame, frame.length + 2)), ""),
        arguments("two frames", framed(twice(frame)), ""),
        arguments("no frame", framed(noFrame.toByteArray()), ""),
        arguments("empty frame", framed(new byte[0]), ""),
        arguments("zstd bomb", sized(bomb.compressed(UPLOAD, 3)), "raw size: 1048576 bytes"),
        arguments("over-long chunk", overLong.compressed(UPLOAD, 3), "4194305 " + sizes),
        arguments("no size", CHUNK.envelope(UPLOAD, 3).setRawSize(0).build(), "0 " + sizes),
        arguments("raw size too large", resized(CHUNK.compressed(UPLOAD, 3), 38), "38"),
        arguments("raw size too small", resized(CHUNK.compressed(UPLOAD, 3), 36), "36"),
        arguments("raw content of another size", resized(CHUNK.uncompressed(UPLOAD, 3), 38), "38"),
        arguments("reference without a size", resized(CHUNK.reference(UPLOAD, 3), 0), "0 " + sizes),
        arguments("no content", CHUNK.envelope(UPLOAD, 3).build(), "the record has no content"));
  }

  private static ChunkRecord framed(byte[] frame) {
    return CHUNK.envelope(UPLOAD, 3).setZstdFrame(ByteString.copyFrom(frame)).build();
  }

  private static ChunkRecord sized(ChunkRecord record) {
    return resized(record, CHUNK.raw().length);
  }

  private static ChunkRecord resized(ChunkRecord record, int rawSize) {
    return record.toBuilder().setRawSize(rawSize).build();
  }

  private static byte[] twice(byte[] bytes) {
    byte[] both = Arrays.copyOf(bytes, bytes.length * 2);
    System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
    return both;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recordsAtFault")
  void shouldRejectARecordAtFaultAndGoOn(String fault, ChunkRecord atFault, String reason) {
    driver.pipe(CHUNK.digest(), atFault);
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 4));

    ChunkReceipt rejected = driver.receipts().readValue();
    assertThat(rejected.getResult()).isEqualTo(Result.REJECTED);
    assertThat(rejected.getSeq()).isEqualTo(3);
    assertThat(rejected.getReason()).as(fault).isNotEmpty().contains(reason);
    assertThat(driver.receipts().readValue()).isEqualTo(receipt(4, Result.STORED));
    TestRecord<byte[], byte[]> deadLetter = driver.deadLetters().readRecord();
    assertThat(deadLetter.key()).isEqualTo(CHUNK.digest().toBytes());
    assertThat(deadLetter.value()).isEqualTo(atFault.toByteArray());
    assertThat(ChunkerDriver.header(deadLetter, DeadLetters.REASON))
        .isEqualTo(rejected.getReason());
    assertThat(ChunkerDriver.header(deadLetter, DeadLetters.TOPIC)).isEqualTo("castore.chunks");
    assertThat(ChunkerDriver.header(deadLetter, DeadLetters.PARTITION)).isEqualTo("0");
    assertThat(ChunkerDriver.header(deadLetter, DeadLetters.OFFSET)).isEqualTo("0");
    assertThat(driver.deadLetters().isEmpty()).isTrue();
    assertThat(store.puts()).containsExactly(CHUNK.key());
  }

  @Test
  void shouldAskForWhatAReferenceDoesNotFind() {
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 2));

    assertThat(driver.receipts().readValuesToList()).containsExactly(receipt(2, Result.MISSING));
    assertThat(driver.deadLetters().isEmpty()).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNull();
    assertThat(store.begun()).isEmpty();

    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 2));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 3));
    assertThat(driver.receipts().readValuesToList())
        .containsExactly(receipt(2, Result.STORED), receipt(3, Result.DEDUPLICATED));
  }

  @Test
  void shouldCountWhatItDoes() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 2));
    driver.pipe(CHUNK.digest(), resized(CHUNK.reference(UPLOAD, 3), 5));
    Chunk other = Chunk.of("other");
    driver.pipe(other.digest(), other.reference(UPLOAD, 4));

    assertThat(driver.metric("stored-total")).isEqualTo(1);
    assertThat(driver.metric("deduplicated-total")).isEqualTo(2);
    assertThat(driver.metric("rejected-total")).isEqualTo(1);
    assertThat(driver.metric("missing-total")).isEqualTo(1);
    assertThat(driver.metric("put-total")).isEqualTo(1);
    assertThat(driver.metric("put-latency-max")).isPositive();
    assertThat(driver.metric("stored-bytes-total")).isEqualTo(CHUNK.frame().length);
    assertThat(driver.metric("puts-in-flight")).isZero();
  }

  @Test
  void shouldRejectAnotherSizeThanIsStored() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1).toBuilder().setRawSize(5).build());

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.REJECTED);
    assertThat(driver.deadLetters().readRecordsToList()).hasSize(1);
  }

  @Test
  void shouldRejectARecordInAnotherPartitionThanItsKeys() {
    stop();
    start(2);
    Chunk elsewhere = inPartition(1);
    Chunk here = inPartition(0);

    driver.pipe(elsewhere.digest(), elsewhere.compressed(UPLOAD, 0));
    driver.pipe(here.digest(), here.compressed(UPLOAD, 1));

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.REJECTED, Result.STORED);
    assertThat(ChunkerDriver.header(driver.deadLetters().readRecord(), DeadLetters.REASON))
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

    driver.pipe(CHUNK.digest().toBytes(), unparsable);
    driver.pipe(CHUNK.digest().toBytes(), withoutUpload);
    driver.pipe(new byte[] {1, 2, 3}, good);
    driver.pipe(CHUNK.digest().toBytes(), null);
    driver.pipe(null, good);
    driver.pipe(CHUNK.digest().toBytes(), good);

    assertThat(driver.deadLetters().readRecordsToList())
        .hasSize(5)
        .allSatisfy(
            letter -> assertThat(ChunkerDriver.header(letter, DeadLetters.REASON)).isNotEmpty());
    assertThat(driver.receipts().readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  @Test
  void shouldNeitherRememberNorAnswerWhatTheStoreDidNotTake() {
    store.goAway();

    assertThatThrownBy(() -> driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0)))
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(driver.receipts().isEmpty()).isTrue();
    assertThat(driver.deadLetters().isEmpty()).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNull();

    restartWithState();
    store.comeBack();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    assertThat(driver.receipts().readValuesToList()).containsExactly(receipt(0, Result.STORED));
  }

  /** Offsets start again at 0, so what is piped then are the same records coming again. */
  private void restartWithState() {
    List<KeyValue<Digest, StoredChunk>> state = driver.state();
    driver.throwAway();
    start();
    driver.storedChunks().putAll(state);
  }

  private static ChunkReceipt receipt(long seq, Result result) {
    return ChunkReceipt.newBuilder()
        .setSeq(seq)
        .setDigest(ByteString.copyFrom(CHUNK.digest().toBytes()))
        .setRawSize(CHUNK.raw().length)
        .setResult(result)
        .setStoreId(ChunkerDriver.STORE_ID)
        .build();
  }
}
