package io.castore.chunker;

import static io.castore.chunker.ChunkerDriver.STORE_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRecord.Collect.Kind;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders in the topology. Whatever the window, each has the same effects. */
@ParameterizedClass(name = "window {0}")
@ValueSource(ints = {1, 8})
final class OrdersTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");
  private static final Digest BLOB = Chunk.of("some blob").digest();
  private static final String BLOB_KEY = BucketLayout.blobKey(BLOB);

  private final int window;
  private final FallibleWriter store = new FallibleWriter();
  @TempDir private Path stateDir;
  private ChunkerDriver driver;

  @SuppressWarnings("NullAway.Init") // started before each test
  OrdersTest(int window) {
    this.window = window;
  }

  @BeforeEach
  void start() {
    start(1);
  }

  private void start(int partitions) {
    driver =
        new ChunkerDriver(
            ChunkerDriver.topology(store, window, partitions, Duration.ofMinutes(1)), stateDir);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldRemoveAChunkThatNothingUsedSinceTheMark() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));

    assertThat(driver.marker(CHUNK.digest())).isNull();
    assertThat(store.deletes()).containsExactly(CHUNK.key());
    assertThat(driver.metric("collected-total")).isEqualTo(1);
    assertThat(driver.receipts().readValuesToList()).hasSize(1);
    assertThat(driver.deadLetters().isEmpty()).isTrue();
  }

  @Test
  void shouldRemoveAnObjectThatNothingIsKnownOf() throws IOException {
    store.adopt(CHUNK.key(), CHUNK.frame());
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 0));

    assertThat(store.holds(CHUNK.key())).isFalse();
  }

  @Test
  void shouldKeepAChunkThatWasStoredSinceTheMark() {
    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 0));

    assertThat(store.holds(CHUNK.key())).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNotNull();
    assertThat(driver.metric("kept-total")).isEqualTo(1);
  }

  @Test
  void shouldKeepAChunkThatWasReferredToSinceTheMark() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));

    assertThat(store.holds(CHUNK.key())).isTrue();
    assertThat(store.deletes()).isEmpty();
  }

  @Test
  void shouldNoteTheFirstUseAfterEachMarkAndNoOther() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    assertThat(referredOffset()).isZero();

    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 2));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 3));
    assertThat(referredOffset()).isEqualTo(3);

    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 4));
    assertThat(referredOffset()).isEqualTo(6);
  }

  /** What a task knew of marks is gone when it starts again. */
  @Test
  void shouldTakeTheFirstRecordOfATaskForAMark() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    ChunkerDriver.State state = driver.save();
    driver.close();
    start();
    driver.load(state);
    driver.skipTo(2);

    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));

    assertThat(referredOffset()).isEqualTo(2);
    assertThat(store.holds(CHUNK.key())).isTrue();
  }

  private long referredOffset() {
    return Objects.requireNonNull(driver.marker(CHUNK.digest())).getReferredOffset();
  }

  @Test
  void shouldSayMissingAndThenStoreAgainWhatWasCollected() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.MISSING, Result.STORED);
    assertThat(store.holds(CHUNK.key())).isTrue();
  }

  @Test
  void shouldAnswerAClaimAndKeepItsBlob() throws IOException {
    store.adopt(BLOB_KEY, new byte[0]);
    driver.mark();
    driver.pipe(BLOB, OrderRecords.claim(UPLOAD));
    driver.pipe(BLOB, OrderRecords.collect(Kind.BLOB, 0));

    assertThat(driver.receipts().readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(
                UPLOAD,
                ChunkReceipt.newBuilder()
                    .setDigest(ByteString.copyFrom(BLOB.toBytes()))
                    .setResult(Result.CLAIMED)
                    .setStoreId(STORE_ID)
                    .build()));
    assertThat(store.holds(BLOB_KEY)).isTrue();
    assertThat(driver.metric("claimed-total")).isEqualTo(1);
    assertThat(driver.metric("kept-total")).isEqualTo(1);
  }

  @Test
  void shouldClaimTheBlobWithItsOnlyChunk() throws IOException {
    String blobKey = BucketLayout.blobKey(CHUNK.digest());
    driver.pipe(CHUNK.digest(), whole(CHUNK.reference(UPLOAD, 0)));
    assertThat(driver.claim(CHUNK.digest())).isNull();
    driver.pipe(CHUNK.digest(), whole(CHUNK.compressed(UPLOAD, 0)));
    store.adopt(blobKey, new byte[0]);
    driver.mark();
    driver.pipe(CHUNK.digest(), whole(CHUNK.reference(UPLOAD, 0)));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.BLOB, 2));

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult, ChunkReceipt::getClaimed)
        .containsExactly(
            tuple(Result.MISSING, false),
            tuple(Result.STORED, true),
            tuple(Result.DEDUPLICATED, true));
    assertThat(store.holds(blobKey)).isTrue();
  }

  private static ChunkRecord whole(ChunkRecord only) {
    return only.toBuilder().setClaimsBlob(true).build();
  }

  @Test
  void shouldNoteAClaimThatNoUploadMakes() throws IOException {
    store.adopt(BLOB_KEY, new byte[0]);
    driver.mark();
    driver.pipe(BLOB, OrderRecords.claim());
    driver.pipe(BLOB, OrderRecords.collect(Kind.BLOB, 0));

    assertThat(driver.receipts().isEmpty()).isTrue();
    assertThat(driver.deadLetters().isEmpty()).isTrue();
    assertThat(store.holds(BLOB_KEY)).isTrue();
  }

  @Test
  void shouldRemoveABlobThatWasClaimedBeforeTheMark() throws IOException {
    store.adopt(BLOB_KEY, new byte[0]);
    driver.pipe(BLOB, OrderRecords.claim(UPLOAD));
    driver.mark();
    driver.pipe(BLOB, OrderRecords.collect(Kind.BLOB, 1));

    assertThat(store.deletes()).containsExactly(BLOB_KEY);
    assertThat(driver.claim(BLOB)).isNull();
  }

  /** A blob of one chunk has the digest of that chunk. */
  @Test
  void shouldTellABlobFromTheChunkOfItsDigest() throws IOException {
    String blobKey = BucketLayout.blobKey(CHUNK.digest());
    store.adopt(blobKey, new byte[0]);
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), OrderRecords.claim(UPLOAD));
    driver.mark();

    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.BLOB, 2));
    assertThat(store.deletes()).containsExactly(blobKey);
    assertThat(driver.marker(CHUNK.digest())).isNotNull();

    driver.pipe(CHUNK.digest(), OrderRecords.claim(UPLOAD));
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 5));
    assertThat(store.deletes()).containsExactly(blobKey, CHUNK.key());
    assertThat(driver.claim(CHUNK.digest())).isNotNull();
  }

  /** The blob's object may have been left out, and then its chunk stands for it. */
  @Test
  void shouldKeepTheOnlyChunkOfABlobThatWasClaimedSinceTheMark() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.claim(UPLOAD));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));

    assertThat(store.holds(CHUNK.key())).isTrue();
    assertThat(driver.marker(CHUNK.digest())).isNotNull();
  }

  @Test
  void shouldStoreAnewWhatWasForgotten() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    store.adopt(CHUNK.key(), new byte[] {1, 2, 3});
    driver.pipe(CHUNK.digest(), OrderRecords.forget(STORE_ID));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 2));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 3));

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.MISSING, Result.STORED, Result.DEDUPLICATED);
    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(Objects.requireNonNull(driver.marker(CHUNK.digest())).getForgotten()).isFalse();
  }

  @Test
  void shouldStillKnowWhenAForgottenChunkWasUsed() {
    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.pipe(CHUNK.digest(), OrderRecords.forget(STORE_ID));
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 0));

    assertThat(store.deletes()).isEmpty();
    assertThat(Objects.requireNonNull(driver.marker(CHUNK.digest())).getForgotten()).isTrue();
  }

  @Test
  void shouldForgetNothingThatIsNotKnown() {
    driver.pipe(CHUNK.digest(), OrderRecords.forget(STORE_ID));

    assertThat(driver.marker(CHUNK.digest())).isNull();
    assertThat(driver.deadLetters().isEmpty()).isTrue();
  }

  @Test
  void shouldRestoreBytesWhateverIsKnown() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));
    store.adopt(CHUNK.key(), new byte[] {1, 2, 3});
    driver.pipe(CHUNK.digest(), OrderRecords.forget(STORE_ID));
    driver.pipe(CHUNK.digest(), OrderRecords.restore(CHUNK, STORE_ID));

    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    StoredChunk entry = Objects.requireNonNull(driver.marker(CHUNK.digest()));
    assertThat(entry.getForgotten()).isFalse();
    assertThat(entry.getSource().getOffset()).isEqualTo(4);
    assertThat(entry.getReferredOffset()).isEqualTo(2);
    assertThat(driver.receipts().readValuesToList()).hasSize(2);

    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 5));
    assertThat(driver.receipts().readValue().getResult()).isEqualTo(Result.DEDUPLICATED);
  }

  @Test
  void shouldRestoreWhatWasNeverKnown() throws IOException {
    ChunkRecord raw =
        OrderRecords.restore(CHUNK, STORE_ID).toBuilder()
            .setRestore(
                ChunkRecord.Restore.newBuilder()
                    .setRaw(ByteString.copyFrom(CHUNK.raw()))
                    .setStoreId(STORE_ID))
            .build();
    driver.pipe(CHUNK.digest(), raw);

    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
    assertThat(driver.receipts().isEmpty()).isTrue();
  }

  @Test
  void shouldLeaveOrdersForAnotherStoreAlone() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    StoredChunk before = driver.marker(CHUNK.digest());
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1, "another"));
    driver.pipe(CHUNK.digest(), OrderRecords.forget("another"));
    driver.pipe(CHUNK.digest(), OrderRecords.restore(CHUNK, "another"));

    assertThat(driver.marker(CHUNK.digest())).isEqualTo(before);
    assertThat(store.begun()).containsExactly(CHUNK.key());
    assertThat(driver.deadLetters().isEmpty()).isTrue();
  }

  private static Stream<Arguments> ordersAtFault() {
    ChunkRecord restore = OrderRecords.restore(CHUNK, STORE_ID);
    ChunkRecord other = OrderRecords.restore(Chunk.of("another"), STORE_ID);
    ChunkRecord empty =
        restore.toBuilder()
            .setRestore(ChunkRecord.Restore.newBuilder().setStoreId(STORE_ID))
            .build();
    return Stream.of(
        Arguments.of(other, "digest"),
        Arguments.of(restore.toBuilder().setRawSize(5).build(), "5"),
        Arguments.of(restore.toBuilder().setRawSize(0).build(), "invalid raw size"),
        Arguments.of(empty, "no content"),
        Arguments.of(OrderRecords.collect(Kind.CHUNK, -1), "invalid mark offset: -1"),
        Arguments.of(OrderRecords.collect(Kind.CHUNK, 2), "invalid mark offset: 2"),
        Arguments.of(OrderRecords.collect(Kind.KIND_UNSPECIFIED, 0), "unknown kind"),
        Arguments.of(
            OrderRecords.claim().toBuilder().setUploadId(ByteString.copyFromUtf8("x")).build(),
            ""));
  }

  @ParameterizedTest
  @MethodSource("ordersAtFault")
  void shouldSetOrdersAtFaultAsideAndGoOn(ChunkRecord order, String reason) {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    StoredChunk before = driver.marker(CHUNK.digest());
    driver.pipe(CHUNK.digest(), order);

    assertThat(ChunkerDriver.header(driver.deadLetters().readRecord(), DeadLetters.REASON))
        .isNotEmpty()
        .contains(reason);
    assertThat(driver.marker(CHUNK.digest())).isEqualTo(before);
    assertThat(store.begun()).containsExactly(CHUNK.key());
    assertThat(driver.receipts().readValuesToList()).hasSize(1);
  }

  @Test
  void shouldSetAsideOrdersWhoseKeyIsNoDigest() {
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    driver.pipe(key, OrderRecords.claim(UPLOAD).toByteArray());
    driver.pipe(null, OrderRecords.collect(Kind.CHUNK, 0).toByteArray());

    assertThat(driver.deadLetters().readRecordsToList()).hasSize(2);
    assertThat(driver.receipts().isEmpty()).isTrue();
  }

  @Test
  void shouldRefuseOrdersInAnotherPartitionThanTheirKeys() {
    driver.close();
    start(2);
    Digest elsewhere =
        Stream.iterate(0, i -> i + 1)
            .map(i -> Chunk.of("blob " + i).digest())
            .filter(digest -> new KeyPartition(2).of(digest) == 1)
            .findFirst()
            .orElseThrow();

    driver.mark();
    driver.pipe(elsewhere, OrderRecords.claim(UPLOAD));
    driver.pipe(elsewhere, OrderRecords.collect(Kind.BLOB, 0));

    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.REJECTED);
    assertThat(driver.deadLetters().readRecordsToList())
        .hasSize(2)
        .allSatisfy(
            letter ->
                assertThat(ChunkerDriver.header(letter, DeadLetters.REASON))
                    .isEqualTo("the record is in partition 0 (expected: 1, by its key)"));
    assertThat(store.begun()).isEmpty();
  }

  @Test
  void shouldGoOnWhereAnObjectIsNotRemoved() {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    store.refuseDeletes();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));
    store.goAway();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));
    store.comeBack();
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 1));

    assertThat(driver.metric("delete-failed-total")).isEqualTo(2);
    assertThat(driver.metric("collected-total")).isZero();
    assertThat(driver.marker(CHUNK.digest())).isNull();
    assertThat(driver.receipts().readValuesToList())
        .extracting(ChunkReceipt::getResult)
        .containsExactly(Result.STORED, Result.MISSING);
  }

  @Test
  void shouldNotBeHurtByACollectThatComesAgainAfterItsChunkWasStoredAnew() throws IOException {
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
    driver.mark();
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));
    driver.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 1));
    driver.pipe(CHUNK.digest(), CHUNK.reference(UPLOAD, 2));

    // The entry was durable before the receipt was sent, so a crash leaves it there.
    ChunkerDriver.State state = driver.save();
    driver.throwAway();
    start();
    driver.load(state);
    driver.skipTo(2);
    driver.pipe(CHUNK.digest(), OrderRecords.collect(Kind.CHUNK, 1));

    assertThat(store.object(CHUNK.key())).isEqualTo(CHUNK.frame());
  }
}
