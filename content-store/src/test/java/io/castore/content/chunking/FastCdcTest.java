package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

  @Property(tries = 200)
  void shouldNotLookBeyondTheLargestChunk(
      @ForAll long seed, @ForAll @IntRange(min = 1024, max = 4000) int length) {
    FastCdc fastCdc = new FastCdc(new ChunkSizes(512));
    byte[] content = randomBytes(seed, length);

    assertThat(fastCdc.cut(content, 0, length))
        .isEqualTo(fastCdc.cut(content, 0, fastCdc.maxBytes()))
        .isBetween(256, 1024);
  }

  private static byte[] randomBytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
