package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CutMasksTest {
  @Test
  void shouldHaveTheirBitsWithinTheWindow() {
    for (int bits = CutMasks.FEWEST_BITS; bits <= CutMasks.MOST_BITS; bits++) {
      assertThat(CutMasks.ofBits(bits)).isBetween(1L, (1L << GearScan.WINDOW) - 1);
    }
  }
}
