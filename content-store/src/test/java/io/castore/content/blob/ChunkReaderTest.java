package io.castore.content.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ChunkReaderTest {
  private static final byte[] RAW =
      "All happy families are alike. ".repeat(500).getBytes(StandardCharsets.US_ASCII);
  private static final Digest DIGEST = Blake3.hash(RAW);
  private static final String KEY = BucketLayout.chunkKey(DIGEST);
  private static final ChunkRef REF = new ChunkRef(DIGEST, RAW.length);

  private final MapObjects store = new MapObjects();
  private final ChunkReader reader = new ChunkReader(store);

  @Test
  void shouldGiveTheRawBytes() throws IOException {
    for (byte[] frame :
        new byte[][] {Frames.stated(RAW), Frames.unstated(RAW, 3), Frames.unstated(RAW, 19)}) {
      store.with(KEY, frame);

      assertThat(reader.read(DIGEST)).contains(RAW);
      assertThat(reader.read(REF)).contains(RAW);
      assertThat(reader.size(DIGEST)).hasValue(RAW.length);
    }
  }

  @Test
  void shouldGiveNothingWhenThereIsNone() throws IOException {
    assertThat(reader.read(DIGEST)).isEmpty();
    assertThat(reader.read(REF)).isEmpty();
    assertThat(reader.size(DIGEST)).isEmpty();
  }

  @Test
  void shouldNotDecompressForTheSizeWhenTheFrameStatesIt() throws IOException {
    store.with(KEY, Arrays.copyOf(Frames.stated(RAW), 20));

    assertThat(reader.size(DIGEST)).hasValue(RAW.length);
    assertThat(store.opened()).containsExactly(KEY);
  }

  @Test
  void shouldReadTheChunkForTheSizeWhenTheFrameDoesNotStateIt() throws IOException {
    byte[] large = new byte[100_000];
    new Random(1).nextBytes(large);
    Digest digest = Blake3.hash(large);
    String key = BucketLayout.chunkKey(digest);
    store.with(key, Frames.unstated(large, 3));

    assertThat(reader.readStart(digest)).contains(new ChunkStart.Part(OptionalLong.empty()));
    assertThat(reader.size(digest)).hasValue(large.length);
    assertThat(store.opened()).containsExactly(key, key, key);
  }

  @Test
  void shouldGiveAllOfASmallChunkWithItsStart() throws IOException {
    for (byte[] frame : new byte[][] {Frames.stated(RAW), Frames.unstated(RAW, 3)}) {
      store.with(KEY, frame);

      assertThat(reader.readStart(DIGEST))
          .hasValueSatisfying(
              start ->
                  assertThat(start)
                      .isInstanceOfSatisfying(
                          ChunkStart.Whole.class, whole -> assertThat(whole.raw()).isEqualTo(RAW)));
    }
    assertThat(store.opened()).containsExactly(KEY, KEY);
  }

  @Test
  void shouldNotGiveASmallChunkThatIsDamaged() throws IOException {
    byte[] other = RAW.clone();
    other[0] ^= 1;
    store.with(KEY, Frames.stated(other));

    assertThat(reader.readStart(DIGEST)).contains(new ChunkStart.Part(OptionalLong.of(RAW.length)));
  }

  @Test
  void shouldRefuseAnotherContent() {
    byte[] other = RAW.clone();
    other[0] ^= 1;
    store.with(KEY, Frames.stated(other));

    String message =
        "corrupt object %s: digest of its content: %s (expected: the key's)"
            .formatted(KEY, Blake3.hash(other));
    assertCorrupt(() -> reader.read(DIGEST), message);
    assertCorrupt(() -> reader.read(REF), message);
  }

  @Test
  void shouldRefuseAnotherSizeThanTheKnownOne() {
    store.with(KEY, Frames.unstated(RAW, 3));

    assertCorrupt(
        () -> reader.read(new ChunkRef(DIGEST, RAW.length + 1)),
        "corrupt object %s: raw size: 15000 bytes (expected: 15001)".formatted(KEY));
    assertCorrupt(
        () -> reader.read(new ChunkRef(DIGEST, RAW.length - 1)),
        "corrupt object %s: raw size: more than 14999 bytes (expected: no more)".formatted(KEY));
  }

  @Test
  void shouldRefuseWhatIsNoWholeFrame() {
    byte[] frame = Frames.unstated(RAW, 3);
    for (byte[] content :
        new byte[][] {
          new byte[0], RAW, Arrays.copyOf(frame, frame.length - 1), new byte[20_000_000]
        }) {
      store.with(KEY, content);

      assertCorrupt(() -> reader.read(DIGEST), "corrupt object " + KEY + ": ");
      assertCorrupt(() -> reader.read(REF), "corrupt object " + KEY + ": ");
      assertCorrupt(() -> reader.size(DIGEST), "corrupt object " + KEY + ": ");
    }
  }

  @Test
  void shouldStopAtItsCapWhenTheObjectIsABomb() {
    store.with(KEY, Frames.bomb(100_000));

    assertCorrupt(
        () -> reader.read(DIGEST),
        "corrupt object %s: raw size: more than 4194304 bytes".formatted(KEY));
    assertCorrupt(
        () -> reader.size(DIGEST),
        "corrupt object %s: raw size: more than 4194304 bytes".formatted(KEY));
    assertCorrupt(() -> reader.read(REF), "corrupt object " + KEY + ": zstd frame: more than ");
  }

  @Test
  void shouldRefuseASizeAboveItsCap() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(new ChunkRef(DIGEST, ChunkSizes.LARGEST_LEGAL_CHUNK + 1)))
        .withMessageContaining("expected: at most 4194304");
  }

  private static void assertCorrupt(ThrowingCallable call, String message) {
    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(call)
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.key()).isEqualTo(KEY));
  }
}
