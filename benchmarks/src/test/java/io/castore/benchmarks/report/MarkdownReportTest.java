package io.castore.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class MarkdownReportTest {
  private static final Section SECTION = new Section("Piece", "chunk", List.of("other"));

  @Test
  void shouldPutTheHeaderFirst() {
    assertThat(MarkdownReport.write(Map.of("machine", "2 cores"), List.of()))
        .isEqualTo("- machine: 2 cores\n");
  }

  @Test
  void shouldWriteOneTableForEachSection() {
    Section second = new Section("Second", "hash", List.of());

    assertThat(
            MarkdownReport.write(
                Map.of(),
                List.of(
                    new Row(SECTION, labels(), List.of()),
                    new Row(second, labels(), List.of()),
                    new Row(SECTION, labels(), List.of()))))
        .isEqualTo(
            """

            ## Piece

            | operation | data | cores | JDK | BLAKE3 | MB/s | other, MB/s | ratio | bytes allocated per chunk | others' cores |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | cut | text | 1 | 17 | lanes | failed | – | – | failed | – |
            | cut | text | 1 | 17 | lanes | failed | – | – | failed | – |

            ## Second

            | operation | data | cores | JDK | BLAKE3 | MB/s | bytes allocated per hash | others' cores |
            | --- | --- | --- | --- | --- | --- | --- | --- |
            | cut | text | 1 | 17 | lanes | failed | failed | – |
            """);
  }

  @Test
  void shouldGiveTheRatioOfMedians() {
    Round round =
        new Round(
            new Samples(List.of(100.0, 300.0, 200.0)),
            40,
            Map.of("other", Optional.of(new Samples(List.of(800.0)))),
            OptionalDouble.of(0.3));

    assertThat(onlyRow(round))
        .isEqualTo("| cut | text | 1 | 17 | lanes | 200 | 800 | 0.25 | 40 | 0.3 |");
  }

  @Test
  void shouldTakeRatiosWithinRounds() {
    assertThat(onlyRow(round(100, 200), round(50, 50), round(100, 400)))
        .isEqualTo("| cut | text | 1 | 17 | lanes | 100 | 200 | 0.50 (0.25…1.00) | 0 | 0.3 |");
  }

  @Test
  void shouldTellWhatWasNotFound() {
    Round round =
        new Round(
            new Samples(List.of(100.0)),
            0,
            Map.of("other", Optional.empty()),
            OptionalDouble.empty());

    assertThat(onlyRow(round))
        .isEqualTo("| cut | text | 1 | 17 | lanes | 100 | not found | – | 0 | – |");
  }

  private static Round round(double ours, double theirs) {
    return new Round(
        new Samples(List.of(ours)),
        0,
        Map.of("other", Optional.of(new Samples(List.of(theirs)))),
        OptionalDouble.of(0.3));
  }

  private static String onlyRow(Round... rounds) {
    String report =
        MarkdownReport.write(Map.of(), List.of(new Row(SECTION, labels(), List.of(rounds))));
    return report.lines().reduce((first, last) -> last).orElseThrow();
  }

  private static List<String> labels() {
    return List.of("cut", "text", "1", "17", "lanes");
  }
}
