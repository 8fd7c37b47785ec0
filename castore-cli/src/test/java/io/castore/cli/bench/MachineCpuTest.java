package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MachineCpuTest {
  private static final MachineCpu EARLIER =
      MachineCpu.parse("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3\n");

  @Test
  void shouldCountAllBesideIdleAndWaitingAsBusy() {
    assertThat(EARLIER).isEqualTo(new MachineCpu(1000, 200));
  }

  @Test
  void shouldTellWhatOthersUsed() {
    MachineCpu now = MachineCpu.parse("cpu  500 0 200 1200 100 0 0 0 0 0\n");
    // Of 1000 ticks 500 were busy, and 300 of these were ours.
    assertThat(now.othersSince(EARLIER, 3.0, 2)).hasValue(0.4);
  }

  @Test
  void shouldTellNothingWhereNothingIsKnown() {
    MachineCpu unknown = new MachineCpu(0, 0);
    assertThat(unknown.othersSince(unknown, 1, 2)).isEmpty();
  }
}
