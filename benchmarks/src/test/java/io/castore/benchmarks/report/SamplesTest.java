package io.castore.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  @Test
  void shouldTakeTheMiddleOfAnOddNumber() {
    assertThat(new Samples(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheMeanOfTheTwoInTheMiddle() {
    assertThat(new Samples(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3);
  }

  @Test
  void shouldGiveTheRange() {
    Samples samples = new Samples(List.of(4.0, 1.0, 9.0));

    assertThat(samples.least()).isEqualTo(1);
    assertThat(samples.most()).isEqualTo(9);
  }

  @Test
  void shouldRefuseNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
  }
}
