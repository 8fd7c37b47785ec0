package io.castore.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.endtoend.faults.RoundResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgressTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("deep/progress");
  }

  @Test
  void shouldGoOnWithWhatWasNotPassedWhenOpenedAgain() throws IOException {
    RoundResult passed = result(1, Outcome.PASSED, "");
    RoundResult failed = result(2, Outcome.FAILED, "two\tthings");
    Progress first = Progress.open(options(5, 200));
    first.add(passed);
    first.add(failed);

    Progress again = Progress.open(options(6, 200));
    assertThat(again.seed()).isEqualTo(5);
    assertThat(again.find(FaultCase.S3_KILL, 1)).contains(passed);
    assertThat(again.find(FaultCase.S3_KILL, 2)).isEmpty();
    assertThat(again.results()).containsExactly(passed, result(2, Outcome.FAILED, "two things"));
  }

  @Test
  void shouldRefuseProgressWhenItIsOfOtherData() throws IOException {
    Progress unused = Progress.open(options(5, 200));
    assertThatThrownBy(() -> Progress.open(options(5, 32)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("megabytes=200")
        .hasMessageContaining("expected: \"# seed=5 megabytes=32\"");
  }

  @Test
  void shouldPutCasesIntoTable() {
    String table =
        SummaryTable.of(List.of(result(1, Outcome.PASSED, ""), result(2, Outcome.FAILED, "no")));
    assertThat(table.lines().toList())
        .hasSize(3)
        .last()
        .asString()
        .matches(
            "\\| s3-kill +\\| +1 \\| +1 \\| +4 \\| +20 \\| +2 \\| +0 \\| +6 \\| +8 \\| +24 \\|");
  }

  private FaultOptions options(long seed, long megabytes) {
    return new FaultOptions(
        List.of(), 1, seed, megabytes, Duration.ofMinutes(1), Optional.of(file));
  }

  private static RoundResult result(int round, Outcome outcome, String remark) {
    return new RoundResult(
        FaultCase.S3_KILL, round, 7, outcome, 2, 10, 1, 0, 3, 4, 9_000, 8_000, 12_000, remark);
  }
}
