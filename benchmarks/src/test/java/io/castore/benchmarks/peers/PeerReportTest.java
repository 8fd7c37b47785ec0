package io.castore.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.cli.bench.Corpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PeerReportTest {
  private static final String OURS = "castore, JDK 17";

  private final PeerRounds rounds = new PeerRounds(List.of(OURS, "restic", "borg"));

  @Test
  void shouldTakeRatiosWithinRounds() {
    rounds.add(round(1, 2), 0.1);
    rounds.add(round(4, 2), 0.5);
    rounds.add(round(2, 2), 0);

    String report = PeerReport.section(versions(), rounds);

    assertThat(report)
        .contains("## `tiny`: 1 files, 100 MB")
        .contains("Medians of 3 rounds. Others' cores in each: 0.10, 0.50, 0.00.")
        .contains("| ingest | castore, JDK 17 | 2.00 (1.00…4.00) | 50.0 |")
        .contains("| ingest | restic | 2.00 | 50.0 |")
        // 2, 1/2 and 1 times as fast; as much of all else as it takes longer.
        .contains("| ingest | castore, JDK 17 ÷ restic | 1.00 (0.50…2.00) | 1.00 (0.50…2.00) |");
  }

  @Test
  void shouldSayWhichToolIsNotThere() {
    rounds.add(round(1, 2), 0);
    assertThat(PeerReport.section(versions(), rounds))
        .contains("| ingest | borg | not found |")
        .doesNotContain("÷ borg")
        .doesNotContain("| verify | restic |");
  }

  @Test
  void shouldSayWhichToolFailed() {
    rounds.add(round(1, 2), 0);
    rounds.fail(List.of("borg"));

    assertThat(PeerReport.section(versions(), rounds)).contains("| ingest | borg | failed |");
  }

  @Test
  void shouldHaveNoColumnForWhatCastoreIsNotAskedToDo() {
    assertThat(castore().columns()).containsExactly("castore, JDK 17", "castore cold, JDK 17");
    assertThat(castore("ingest", "again").columns()).containsExactly("castore, JDK 17");
    assertThat(castore("ingest", "cold-ingest").columns())
        .containsExactly("castore, JDK 17", "castore cold, JDK 17");
  }

  private static CastoreContender castore(String... phases) {
    return new CastoreContender(Path.of("castore"), Path.of("jdk"), "JDK 17", List.of(phases));
  }

  private static Map<String, Map<Task, Measured>> round(double ours, double restic) {
    return Map.of(
        OURS, Map.of(Task.INGEST, measured(ours)), "restic", Map.of(Task.INGEST, measured(restic)));
  }

  private static Measured measured(double seconds) {
    return new Measured(seconds, seconds, 1e8, 1e8, 5e7, 10, 5e7);
  }

  private static Versions versions() {
    Corpus corpus =
        new Corpus(
            Path.of("/tiny/v1"), List.of(new Corpus.File(Path.of("/tiny/v1/a"), 1)), 100_000_000);
    return new Versions("tiny", corpus, corpus);
  }
}
