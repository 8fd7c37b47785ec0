package io.castore.content.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZstdFrameTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 65_791, 65_792, 1_000_000})
  void shouldReadContentSizesOfEveryWidth(int size) {
    byte[] frame = Frames.stated(new byte[size]);

    assertThat(header(frame).contentSize()).hasValue(size);
    assertThat(header(Frames.headerStating(size)).contentSize()).hasValue(size);
  }

  @Property(tries = 200)
  void shouldAgreeWithZstdOnWhereAFrameEnds(
      @ForAll long seed,
      @ForAll @IntRange(max = 400_000) int length,
      @ForAll @IntRange(min = 1, max = 255) int and,
      @ForAll boolean stated)
      throws CorruptFrameException {
    byte[] raw = new byte[length];
    new Random(seed).nextBytes(raw);
    for (int i = 0; i < length; i++) {
      raw[i] &= (byte) and;
    }
    byte[] frame = stated ? Frames.stated(raw) : Frames.unstated(raw, 3);

    assertThat(Zstd.findFrameCompressedSize(frame)).isEqualTo(frame.length);
    assertThat(header(frame).checkBlocks(frame)).isGreaterThanOrEqualTo(length);
  }

  static ZstdFrame header(byte[] frame) {
    try {
      return ZstdFrame.parseHeader(frame);
    } catch (CorruptFrameException e) {
      throw new AssertionError(e);
    }
  }
}
