package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  private static final long SOON = Duration.ofSeconds(20).toNanos();

  @Test
  void shouldGoOnWhileMuchIsCompiled() {
    assertThat(WarmUp.isToGoOn(1, OptionalDouble.of(0.4), SOON)).isTrue();
    assertThat(WarmUp.isToGoOn(1, OptionalDouble.of(0.1), SOON)).isFalse();
    assertThat(WarmUp.isToGoOn(1, OptionalDouble.empty(), SOON)).isTrue();
  }

  @Test
  void shouldEndHoweverMuchIsCompiled() {
    OptionalDouble much = OptionalDouble.of(0.4);
    assertThat(WarmUp.isToGoOn(6, much, SOON)).isFalse();
    assertThat(WarmUp.isToGoOn(2, much, Duration.ofMinutes(4).toNanos())).isFalse();
  }
}
