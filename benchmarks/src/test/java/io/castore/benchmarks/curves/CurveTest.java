package io.castore.benchmarks.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CurveTest {
  @ParameterizedTest
  @EnumSource
  void shouldHavePointsOfEachCurve(Curve curve) {
    assertThat(curve.points()).hasSizeGreaterThan(1);
    assertThat(curve.smokePoints()).isNotEmpty();
  }

  @Test
  void shouldReadPoints() {
    assertThat(Curve.CHUNKS.point("5000000")).isEqualTo(new Point(5_000_000, 0));
    assertThat(Curve.THREADS.point("8x2")).isEqualTo(new Point(8, 2)).hasToString("8x2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1k", "8x2", "99999999999"})
  void shouldRefuseWhatIsNoPoint(String text) {
    assertThatThrownBy(() -> Curve.FILES.point(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("point: " + text + " (expected: a whole number, such as 1000)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "8x", "x2", "8x0"})
  void shouldRefusePartitionsWithoutThreads(String text) {
    assertThatThrownBy(() -> Curve.THREADS.point(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: such as 8x2)");
  }
}
