package io.castore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CpuTicksTest {
  private static final String MACHINE =
      """
      cpu  100 20 30 500 40 5 6 7 0 0
      cpu0 50 10 15 250 20 2 3 4 0 0
      """;
  private static final String PROCESS =
      "42 (a name) with) R 1 42 42 0 -1 4194304 101 0 0 0 10 20 3 4 20 0 1 0 1296929 0 0";

  @Test
  void shouldReadWhatLinuxCounts() {
    assertThat(CpuTicks.parse(MACHINE, PROCESS)).isEqualTo(new CpuTicks(708, 168, 37));
  }

  @Test
  void shouldTellWhatOthersTook() {
    CpuTicks before = new CpuTicks(1000, 100, 10);
    CpuTicks after = new CpuTicks(1200, 250, 110);

    assertThat(after.othersSince(before, 2)).hasValue(0.5);
  }

  @Test
  void shouldTellNothingWhereNothingIsCounted() {
    CpuTicks unknown = new CpuTicks(0, 0, 0);

    assertThat(unknown.othersSince(unknown, 2)).isEmpty();
  }
}
