package io.castore.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One round of the fault suite with few data, so that the suite itself stays in order. */
final class FaultSmokeTest {
  private static final int MEGABYTES = 12;

  /** Its first moment is soon after the first chunk, so that it comes before the last one. */
  private static final long SEED = 2;

  @TempDir private static Path directory;

  @Test
  void shouldLoseNothingWhenChunkerIsKilled() throws IOException, InterruptedException {
    Sample files = RealFiles.gather(directory.resolve("files"), MEGABYTES);
    Path round = Files.createDirectories(directory.resolve("round"));
    RoundResult result =
        new FaultRound(FaultCase.CHUNKER_KILL, 1, SEED, files, round, Duration.ofMinutes(3))
            .run(Duration.ZERO);
    assertThat(result.outcome()).as(result.toString()).isEqualTo(RoundResult.Outcome.PASSED);
    assertThat(result.strikes()).isPositive();
    assertThat(result.objects()).isGreaterThan(files.digests().size());
  }
}
