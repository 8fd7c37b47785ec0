package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkJudgeTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final RecordPosition HERE = position(5);
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");

  private final ChunkJudge judge = new ChunkJudge(Chunk.CODEC);

  @Property(tries = 100)
  void shouldKeepTheFrameThatCame(@ForAll @Size(min = 1, max = 5000) byte[] raw)
      throws IOException {
    Chunk chunk = new Chunk(raw);

    ChunkOutcome outcome = judge(chunk.digest(), chunk.compressed(UPLOAD, 0), null);

    ChunkOutcome.New fresh = (ChunkOutcome.New) outcome;
    assertThat(fresh.digest()).isEqualTo(chunk.digest());
    assertThat(fresh.rawSize()).isEqualTo(raw.length);
    assertThat(frameOf(fresh)).isEqualTo(chunk.frame());
  }

  @Property(tries = 100)
  void shouldCompressWhatCameRaw(@ForAll @Size(min = 1, max = 5000) byte[] raw) throws IOException {
    Chunk chunk = new Chunk(raw);

    ChunkOutcome outcome = judge(chunk.digest(), chunk.uncompressed(UPLOAD, 0), null);

    assertThat(ChunkCodec.decompress(frameOf((ChunkOutcome.New) outcome), raw.length))
        .isEqualTo(raw);
  }

  @Property(tries = 200)
  void shouldNeverTakeWhatHasAnotherDigest(
      @ForAll @Size(min = 1, max = 500) byte[] raw, @ForAll int bit) {
    byte[] changed = raw.clone();
    int at = Math.floorMod(bit, raw.length * 8);
    changed[at / 8] ^= (byte) (1 << at % 8);

    assertThat(judge(new Chunk(raw).digest(), new Chunk(changed).compressed(UPLOAD, 0), null))
        .isInstanceOf(ChunkOutcome.Rejected.class);
  }

  @Property(tries = 200)
  void shouldNeverStoreDamagedFramesUnderTheDigest(@ForAll int bit) throws IOException {
    byte[] frame = CHUNK.frame();
    int at = Math.floorMod(bit, frame.length * 8);
    frame[at / 8] ^= (byte) (1 << at % 8);
    ChunkRecord damaged =
        CHUNK.envelope(UPLOAD, 0).setZstdFrame(ByteString.copyFrom(frame)).build();

    // A bit of the header may be one that changes nothing, such as whether a checksum follows.
    if (judge(CHUNK.digest(), damaged, null) instanceof ChunkOutcome.New fresh) {
      assertThat(ChunkCodec.decompress(frameOf(fresh), CHUNK.raw().length)).isEqualTo(CHUNK.raw());
    }
  }

  @Test
  void shouldKnowWhatAnotherRecordBrought() {
    assertThat(judge(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0), stored(position(4))))
        .isEqualTo(new ChunkOutcome.Known(CHUNK.digest(), CHUNK.raw().length, false));
  }

  @Test
  void shouldKnowTheVeryRecordThatBroughtIt() {
    assertThat(judge(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0), stored(HERE)))
        .isEqualTo(new ChunkOutcome.Known(CHUNK.digest(), CHUNK.raw().length, true));
  }

  @Test
  void shouldKnowWhatAReferenceMeans() {
    ChunkRecord reference = CHUNK.reference(UPLOAD, 0);

    assertThat(judge(CHUNK.digest(), reference, stored(position(4))))
        .isEqualTo(new ChunkOutcome.Known(CHUNK.digest(), CHUNK.raw().length, false));
    assertThat(judge(CHUNK.digest(), reference, null))
        .isEqualTo(new ChunkOutcome.Missing(CHUNK.digest()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, (4 << 20) + 1})
  void shouldRejectImpossibleSizes(int rawSize) {
    assertRejected(
        CHUNK.compressed(UPLOAD, 0).toBuilder().setRawSize(rawSize).build(),
        "invalid raw size: "
            + Integer.toUnsignedString(rawSize)
            + " bytes (expected: 1 to 4194304)");
  }

  @Test
  void shouldTakeTheLargestLegalChunk() {
    Chunk largest = new Chunk(new byte[4 << 20]);

    assertThat(judge(largest.digest(), largest.compressed(UPLOAD, 0), null))
        .isInstanceOf(ChunkOutcome.New.class);
  }

  @Test
  void shouldRejectAnotherSizeThanIsStored() {
    ChunkRecord other =
        CHUNK.compressed(UPLOAD, 0).toBuilder().setRawSize(CHUNK.raw().length - 1).build();

    assertThat(judge(CHUNK.digest(), other, stored(position(4))))
        .isEqualTo(
            new ChunkOutcome.Rejected("invalid raw size: 36 bytes (expected: 37, as stored)"));
  }

  @Test
  void shouldRejectAFrameThatIsCut() {
    byte[] frame = CHUNK.frame();
    byte[] cut = Arrays.copyOf(frame, frame.length - 1);

    assertThat(
            judge(
                CHUNK.digest(),
                CHUNK.envelope(UPLOAD, 0).setZstdFrame(ByteString.copyFrom(cut)).build(),
                null))
        .isInstanceOf(ChunkOutcome.Rejected.class);
  }

  @Test
  void shouldRejectAFrameThatIsLargerThanItsRawSize() {
    Chunk bomb = new Chunk(new byte[3 << 20]);

    assertThat(
            judge(
                bomb.digest(),
                bomb.compressed(UPLOAD, 0).toBuilder().setRawSize(100).build(),
                null))
        .asInstanceOf(InstanceOfAssertFactories.type(ChunkOutcome.Rejected.class))
        .extracting(ChunkOutcome.Rejected::reason)
        .isEqualTo("raw size: 3145728 bytes (expected: at most 100)");
  }

  @Test
  void shouldRejectRawContentOfAnotherSize() {
    assertRejected(
        CHUNK.uncompressed(UPLOAD, 0).toBuilder().setRawSize(36).build(),
        "the content has 37 bytes (expected: 36, its raw size)");
  }

  @Test
  void shouldRejectARecordWithoutContent() {
    assertRejected(CHUNK.envelope(UPLOAD, 0).build(), "the record has no content");
  }

  @Test
  void shouldTellTheDigestThatTheContentHas() {
    assertThat(judge(Digest.EMPTY, CHUNK.uncompressed(UPLOAD, 0), null))
        .isEqualTo(
            new ChunkOutcome.Rejected(
                "the content's digest is " + CHUNK.digest() + " (expected: the key)"));
  }

  private void assertRejected(ChunkRecord chunk, String reason) {
    assertThat(judge(CHUNK.digest(), chunk, null)).isEqualTo(new ChunkOutcome.Rejected(reason));
  }

  private ChunkOutcome judge(Digest digest, ChunkRecord chunk, @Nullable StoredChunk known) {
    return judge.judge(digest, chunk, HERE, known);
  }

  private static StoredChunk stored(RecordPosition source) {
    return StoredChunk.newBuilder().setSource(source).setRawSize(CHUNK.raw().length).build();
  }

  private static RecordPosition position(long offset) {
    return RecordPosition.newBuilder().setTopic("chunks").setOffset(offset).build();
  }

  private static byte[] frameOf(ChunkOutcome.New fresh) throws IOException {
    try (InputStream in = fresh.frame().open()) {
      return in.readAllBytes();
    }
  }
}
