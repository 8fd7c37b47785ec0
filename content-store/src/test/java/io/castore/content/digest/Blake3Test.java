package io.castore.content.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

import org.junit.jupiter.api.Test;

final class Blake3Test {
  @Test
  void shouldGiveTheKnownDigests() {
    assertThat(Blake3.hash(new byte[0])).isEqualTo(Digest.EMPTY);
    assertThat(Blake3.hash(new byte[0]).toHex())
        .isEqualTo("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    assertThat(Blake3.hash(new byte[] {0, 1}).toHex())
        .isEqualTo("7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63");
    assertThat(Blake3.hash(countingBytes()).toHex())
        .isEqualTo("a82c5154a7a0c262c6fdb929a317585646f8fbcf80326d0a7b8747edaf2d99d2");
  }

  @Test
  void shouldHashAPartOfAnArray() {
    assertThat(Blake3.hash(new byte[] {9, 0, 1, 9}, 1, 2))
        .isEqualTo(Blake3.hash(new byte[] {0, 1}));
  }

  @Test
  void shouldRefuseBytesThatAreNotThere() {
    assertThatIndexOutOfBoundsException().isThrownBy(() -> Blake3.hash(new byte[10], 8, 3));

    assertThat(Blake3.hash(new byte[0])).isEqualTo(Digest.EMPTY);
  }

  /** Bytes 0 to 254, 4,096 times. */
  private static byte[] countingBytes() {
    byte[] bytes = new byte[255 * 4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 255);
    }
    return bytes;
  }
}
