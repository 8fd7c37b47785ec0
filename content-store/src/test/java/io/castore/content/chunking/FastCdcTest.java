package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class FastCdcTest {
  @Test
  void shouldCutTheContractsExampleInTwo() {
    byte[] content = new byte[255 * 4096];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 255);
    }
    FastCdc fastCdc = new FastCdc(ChunkSizes.DEFAULT);

    assertThat(fastCdc.cut(content, 0, content.length)).isEqualTo(524_288);
    assertThat(fastCdc.cut(content, 524_288, content.length - 524_288)).isEqualTo(520_192);
    assertThat(Blake3.hash(content, 0, 524_288).toHex())
        .isEqualTo("79445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa9794");
    assertThat(Blake3.hash(content, 524_288, 520_192).toHex())
        .isEqualTo("832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac");
  }

  @Test
  void shouldNotCutWhatIsNoLongerThanTheSmallestChunk() {
    FastCdc fastCdc = new FastCdc(new ChunkSizes(512));

    assertThat(fastCdc.cut(new byte[600], 0, 0)).isZero();
    assertThat(fastCdc.cut(new byte[600], 100, 1)).isEqualTo(1);
    assertThat(fastCdc.cut(new byte[600], 0, 256)).isEqualTo(256);
  }

  @Test
  void shouldRefuseWhatTheArrayDoesNotHold() {
    FastCdc fastCdc = new FastCdc(new ChunkSizes(512));

    assertThatThrownBy(() -> fastCdc.cut(new byte[10], 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Property(tries = 300)
  void shouldEqualTheHashThatTakesOneByteAStep(
      @ForAll long seed,
      @ForAll @IntRange(max = 5000) int length,
      @ForAll @IntRange(min = 2, max = 300) int min,
      @ForAll @IntRange(min = 300, max = 700) int average,
      @ForAll @IntRange(min = 700, max = 3000) int max,
      @ForAll @IntRange(max = 3) int level,
      @ForAll @LongRange(min = Long.MIN_VALUE) long gearSeed) {
    FastCdcParameters parameters = new FastCdcParameters(min, average, max, level, gearSeed);
    byte[] content = randomBytes(seed, length);
    FastCdc fastCdc = new FastCdc(parameters);

    for (int at = 0; at < length; ) {
      int cut = fastCdc.cut(content, at, length - at);
      assertThat(cut).isEqualTo(cutByteByByte(parameters, content, at, length - at));
      at += cut;
    }
  }

  @Property(tries = 200)
  void shouldNotLookBeyondTheLargestChunk(
      @ForAll long seed, @ForAll @IntRange(min = 1024, max = 4000) int length) {
    FastCdc fastCdc = new FastCdc(new ChunkSizes(512));
    byte[] content = randomBytes(seed, length);

    assertThat(fastCdc.cut(content, 0, length))
        .isEqualTo(fastCdc.cut(content, 0, fastCdc.maxBytes()))
        .isBetween(256, 1024);
  }

  /** The rule in its plainest form: one byte a step, masks that are not shifted. */
  private static int cutByteByByte(
      FastCdcParameters parameters, byte[] bytes, int offset, int remaining) {
    if (remaining <= parameters.minBytes()) {
      return remaining;
    }
    long[] gear = GearTable.of(parameters.gearSeed());
    int limit = Math.min(remaining, parameters.maxBytes());
    int average = Math.min(remaining, parameters.averageBytes()) / 2 * 2;
    long hash = 0;
    for (int i = parameters.minBytes() / 2 * 2; i < limit / 2 * 2; i++) {
      hash = (hash << 1) + gear[bytes[offset + i] & 0xff];
      long mask = i < average ? parameters.maskBeforeAverage() : parameters.maskAfterAverage();
      if ((hash & mask) == 0) {
        return i;
      }
    }
    return limit;
  }

  private static byte[] randomBytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
