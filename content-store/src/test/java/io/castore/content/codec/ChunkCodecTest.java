package io.castore.content.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkCodecTest {
  private static final int CAP = 4 * 1024 * 1024;
  private static final byte[] TEXT =
      "It was a bright cold day in April, and the clocks were striking thirteen. "
          .repeat(2000)
          .getBytes(StandardCharsets.US_ASCII);

  @Property(tries = 200)
  void shouldGiveBackWhatItCompressed(
      @ForAll long seed,
      @ForAll @IntRange(max = 300_000) int length,
      @ForAll @IntRange(min = 1, max = 255) int and,
      @ForAll @IntRange(min = 1, max = 9) int level)
      throws IOException {
    byte[] raw = randomBytes(seed, length, and);

    byte[] frame = new ChunkCodec(level).compress(raw, 0, raw.length);

    assertThat(frame).hasSizeLessThanOrEqualTo(ChunkCodec.maxFrameSize(length));
    assertThat(ChunkCodec.decompress(frame, length)).isEqualTo(raw);
    assertThat(ChunkCodec.decompressAtMost(frame, length)).isEqualTo(raw);
    assertThat(ChunkCodec.decompressAtMost(frame, CAP)).isEqualTo(raw);
    assertThat(ChunkCodec.readFrame(new ByteArrayInputStream(frame), length)).isEqualTo(frame);
    assertThat(ChunkCodec.statedSize(frame, CAP)).isEqualTo(OptionalLong.of(length));
  }

  @Property(tries = 100)
  void shouldReadFramesThatDoNotStateTheirSize(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300_000) int length,
      @ForAll @IntRange(min = 1, max = 255) int and,
      @ForAll @IntRange(min = -5, max = 9) int level)
      throws IOException {
    byte[] raw = randomBytes(seed, length, and);

    byte[] frame = Frames.unstated(raw, level);

    assertThat(ChunkCodec.decompress(frame, length)).isEqualTo(raw);
    assertThat(ChunkCodec.decompressAtMost(frame, CAP)).isEqualTo(raw);
    assertThat(ChunkCodec.statedSize(frame, CAP)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-7, 1, 3, 10, 19, 22})
  void shouldReadEveryLevel(int level) throws IOException {
    assertThat(ChunkCodec.decompress(Zstd.compress(TEXT, level), TEXT.length)).isEqualTo(TEXT);
    assertThat(ChunkCodec.decompressAtMost(Frames.unstated(TEXT, level), CAP)).isEqualTo(TEXT);
  }

  @Test
  void shouldReadFramesWithAChecksumAndRefuseOneThatIsWrong() throws IOException {
    byte[] frame;
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      frame = context.setChecksum(true).compress(TEXT);
    }
    assertThat(ChunkCodec.decompress(frame, TEXT.length)).isEqualTo(TEXT);

    frame[frame.length - 1] ^= 1;
    assertRefused(frame, "damaged zstd frame: ");
  }

  @Test
  void shouldCompressAPartOfAnArray() throws IOException {
    byte[] frame = new ChunkCodec(19).compress(TEXT, 1000, 5000);

    assertThat(ChunkCodec.decompress(frame, 5000)).isEqualTo(Arrays.copyOfRange(TEXT, 1000, 6000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20})
  void shouldSayWhatIsExpectedWhenTheLevelIsOutOfRange(int level) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChunkCodec(level))
        .withMessage("zstd level: %d (expected: 1 to 19)".formatted(level));
  }

  @Test
  void shouldRefuseAnotherSizeThanTheKnownOne() {
    for (byte[] frame : new byte[][] {Frames.stated(TEXT), Frames.unstated(TEXT, 3)}) {
      assertThatExceptionOfType(CorruptFrameException.class)
          .isThrownBy(() -> ChunkCodec.decompress(frame, TEXT.length + 1))
          .withMessage("raw size: %d bytes (expected: %d)".formatted(TEXT.length, TEXT.length + 1));
      assertThatExceptionOfType(CorruptFrameException.class)
          .isThrownBy(() -> ChunkCodec.decompress(frame, TEXT.length - 1))
          .withMessageStartingWith("raw size: ");
    }
  }

  @Test
  void shouldRefuseEveryCutOffFrame() {
    byte[] small = Arrays.copyOf(TEXT, 200);
    for (byte[] frame : new byte[][] {Frames.stated(small), Frames.unstated(small, 3)}) {
      for (int length = 0; length < frame.length; length++) {
        assertRefused(Arrays.copyOf(frame, length), "zstd frame is cut off after " + length);
      }
    }
  }

  @Test
  void shouldRefuseAnythingAfterTheFrame() {
    byte[] frame = Frames.stated(TEXT);

    assertRefused(Arrays.copyOf(frame, frame.length + 1), "zstd frame ends at byte ");
    assertRefused(joined(frame, frame), "zstd frame ends at byte ");
    assertRefused(joined(frame, skippableFrame()), "zstd frame ends at byte ");
  }

  @Test
  void shouldRefuseWhatIsNoZstdFrame() {
    assertRefused(TEXT, "not a zstd frame: it begins with 77207449 (expected: fd2fb528)");
    assertRefused(joined(skippableFrame(), Frames.stated(TEXT)), "not a zstd frame: ");
    assertRefused(HexFormat.of().parseHex("28b52ffd2000070000"), "zstd block at byte 6: type 3");
  }

  @Test
  void shouldRefuseAStatedSizeAboveTheCapWithoutAllocatingIt() {
    for (long size : new long[] {CAP + 1L, 1L << 40, Long.MAX_VALUE, -1L}) {
      byte[] frame = joined(Frames.headerStating(size), HexFormat.of().parseHex("010000"));
      assertThatExceptionOfType(CorruptFrameException.class)
          .isThrownBy(() -> ChunkCodec.decompressAtMost(frame, CAP));
      assertThatExceptionOfType(CorruptFrameException.class)
          .isThrownBy(() -> ChunkCodec.statedSize(frame, CAP));
    }
  }

  @Test
  void shouldRefuseAStatedSizeThatIsNotTrue() {
    assertRefused(
        joined(Frames.headerStating(1000), HexFormat.of().parseHex("010000")),
        "damaged zstd frame: ");
    byte[] tooSmall = Frames.stated(TEXT);
    assertThat(ZstdFrameTest.header(tooSmall).contentSize()).hasValue(TEXT.length);
    tooSmall[5] ^= 1;
    assertThatExceptionOfType(CorruptFrameException.class)
        .isThrownBy(() -> ChunkCodec.decompressAtMost(tooSmall, CAP));
  }

  @Test
  void shouldFailPastTheCapWhenTheFrameIsABomb() {
    byte[] bomb = Frames.bomb(100_000);

    assertThat(bomb).hasSizeLessThan(1 << 20);
    assertRefused(bomb, "raw size: more than " + CAP + " bytes");
  }

  @Test
  void shouldReadABombOfTheCapsSize() throws IOException {
    assertThat(ChunkCodec.decompressAtMost(Frames.bomb(32), CAP)).hasSize(CAP);
  }

  @Test
  void shouldRefuseAWindowThatOtherReadersRefuse() {
    // Descriptor 00: no content size. Window descriptor 88: 2^27; 89: an eighth more.
    assertThatExceptionOfType(CorruptFrameException.class)
        .isThrownBy(
            () -> ChunkCodec.decompressAtMost(HexFormat.of().parseHex("28b52ffd0089010000"), CAP))
        .withMessage("zstd frame's window: 150994944 bytes (expected: at most 134217728)");
  }

  @Test
  void shouldReadTheLargestWindowThatOtherReadersRead() throws IOException {
    byte[] frame = HexFormat.of().parseHex("28b52ffd00881100002a2a");

    assertThat(ChunkCodec.decompressAtMost(frame, CAP)).containsExactly(0x2a, 0x2a);
  }

  @Test
  void shouldRefuseAFrameThatNeedsADictionary() {
    assertRefused(HexFormat.of().parseHex("28b52ffd210701010000"), "zstd frame needs a dictionary");
  }

  @Property(tries = 500)
  void shouldGiveTheBytesOrRefuseWhenAByteIsChanged(
      @ForAll @IntRange(max = 10_000) int place, @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    byte[] frame = Frames.unstated(Arrays.copyOf(TEXT, 3000), 3);
    frame[place % frame.length] ^= (byte) change;
    try {
      assertThat(ChunkCodec.decompressAtMost(frame, CAP)).hasSizeLessThanOrEqualTo(CAP);
    } catch (CorruptFrameException refused) {
      assertThat(refused).message().isNotEmpty();
    }
  }

  @Test
  void shouldStopReadingWhenTheFrameIsTooLong() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int wanted) {
            Arrays.fill(target, offset, offset + wanted, (byte) 0);
            return wanted;
          }
        };

    assertThatExceptionOfType(CorruptFrameException.class)
        .isThrownBy(() -> ChunkCodec.readFrame(endless, 1000))
        .withMessage("zstd frame: more than 2149 bytes (expected: no more for 1000 raw bytes)");
  }

  private static void assertRefused(byte[] frame, String message) {
    assertThatExceptionOfType(CorruptFrameException.class)
        .isThrownBy(() -> ChunkCodec.decompressAtMost(frame, CAP))
        .withMessageStartingWith(message);
  }

  private static byte[] skippableFrame() {
    return HexFormat.of().parseHex("502a4d1801000000ff");
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] randomBytes(long seed, int length, int and) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] &= (byte) and;
    }
    return bytes;
  }
}
