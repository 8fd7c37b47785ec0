package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CpuByRoleTest {
  private static final CpuByRole EARLIER =
      new CpuByRole(Map.of(ThreadRole.BROKER, 1.0, ThreadRole.JIT, 2.0));

  @Test
  void shouldTellWhatWasAdded() {
    CpuByRole now =
        new CpuByRole(Map.of(ThreadRole.BROKER, 1.5, ThreadRole.JIT, 2.0, ThreadRole.STORE, 4.0));
    assertThat(now.since(EARLIER).seconds())
        .isEqualTo(Map.of(ThreadRole.BROKER, 0.5, ThreadRole.JIT, 0.0, ThreadRole.STORE, 4.0));
  }

  @Test
  void shouldCountWhatNobodySawAsOther() {
    assertThat(EARLIER.filledUpTo(3.5).of(ThreadRole.OTHER)).isEqualTo(0.5);
    assertThat(EARLIER.filledUpTo(2.9).of(ThreadRole.OTHER)).isZero();
  }

  @Test
  void shouldTellPartOfARole() {
    assertThat(EARLIER.share(ThreadRole.JIT)).hasValue(2.0 / 3);
    assertThat(EARLIER.share(ThreadRole.STORE)).hasValue(0);
    assertThat(CpuByRole.NONE.share(ThreadRole.JIT)).isEmpty();
  }
}
