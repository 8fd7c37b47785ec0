package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcStatTest {
  private static final String REST =
      " S 1 2 3 4 5 6 7 8 9 10 250 50 1000 23 20 0 5 0 987654 22 33 44";

  @Test
  void shouldReadTimesBehindTheName() {
    assertThat(ProcStat.parse("42 (chunk-put-1)" + REST))
        .isEqualTo(new ProcStat("chunk-put-1", 3.0, 10.23, 987654));
  }

  @Test
  void shouldTakeNamesThatHoldBracketsAndBlanks() {
    assertThat(ProcStat.parse("42 (C2 (x) 1 2)" + REST).name()).isEqualTo("C2 (x) 1 2");
  }

  @Test
  void shouldSayWhatIsNoLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcStat.parse("42 (x) S 1"))
        .withMessage("stat: 42 (x) S 1 (expected: as proc(5) describes)");
  }

  @Test
  void shouldReadPeakInKibibytes() throws IOException {
    assertThat(ProcDirectory.peakBytes(List.of("Name:\tjava", "VmHWM:\t    1024 kB")))
        .isEqualTo(1 << 20);
  }
}
