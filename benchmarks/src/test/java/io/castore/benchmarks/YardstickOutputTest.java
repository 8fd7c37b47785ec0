package io.castore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class YardstickOutputTest {
  /** What zstd 1.5.4 prints: its progress, each state over the one before. */
  private static final String ZSTD =
      "\r 3#text.bin          :  67108864 ->  14001234 (x4.793),  300.1 MB/s "
          + "\r 3#text.bin          :  67108864 ->  14001234 (x4.793),  335.6 MB/s, 1700.2 MB/s "
          + "\r 3#text.bin          :  67108864 ->  14001234 (x4.793),  340.0 MB/s, 1712.3 MB/s \n";

  @Test
  void shouldReadTheLastRatesOfZstd() {
    assertThat(ZstdCommand.parse(ZSTD, 1)).contains(340.0);
    assertThat(ZstdCommand.parse(ZSTD, 2)).contains(1712.3);
  }

  @Test
  void shouldFindNoRatesInAnythingElse() {
    assertThat(ZstdCommand.parse("zstd: unknown option", 1)).isEmpty();
  }

  @Test
  void shouldReadTheRatesOfTheRustProgram() {
    assertThat(RustCrates.parse("blake3\t/tmp/random.bin\t4096\t4312.1\t4400.3\n").values())
        .containsExactly(4312.1, 4400.3);
  }
}
