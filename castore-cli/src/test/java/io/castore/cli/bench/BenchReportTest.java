package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class BenchReportTest {
  private static final Floors FLOORS = new Floors(1e10, 1e9, 2e9, 5e8, 1e9, 1e-3, 1e-4, 1e-6);

  @Test
  void shouldTellMediansAndRangesOfRounds() {
    BenchResult result = result(List.of(round(4), round(1), round(2)));
    assertThat(BenchTable.lines(result))
        .anyMatch(line -> line.startsWith("medians of 3 rounds"))
        .anyMatch(line -> line.matches("ingest +2\\.00 \\(1\\.00…4\\.00\\) +50\\.0 .*"));

    JsonNode json = BenchJson.of(result);
    JsonNode wall = json.at("/phases/ingest/wall_seconds");
    assertThat(wall.get("median").doubleValue()).isEqualTo(2);
    assertThat(wall.get("least").doubleValue()).isEqualTo(1);
    assertThat(wall.get("most").doubleValue()).isEqualTo(4);
    assertThat(json.at("/rounds/0/ingest/wall_seconds").doubleValue()).isEqualTo(4);
    assertThat(json.at("/rounds")).hasSize(3);
  }

  @Test
  void shouldTellCpuByRoleForEachGigabyte() {
    JsonNode ingest = BenchJson.of(result(List.of(round(2)))).at("/rounds/0/ingest");
    assertThat(ingest.get("cpu_seconds").doubleValue()).isEqualTo(3);
    assertThat(ingest.get("broker_cpu_seconds_per_gb").doubleValue()).isEqualTo(20, offset(1e-9));
    assertThat(ingest.get("others_cores").doubleValue()).isEqualTo(0.25);
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    Used unknown = new Used(2, CpuByRole.NONE, 0, CpuByRole.NONE, 0, OptionalDouble.empty());
    Figures figures = unknown.figures(0, 0);
    assertThat(figures.values().keySet()).containsExactly("wall_seconds", "files", "bytes");
    assertThat(BenchTable.lines(result(List.of(Map.of(Phase.START, figures)))))
        .anyMatch(line -> line.matches("start +2\\.00( +-)+"))
        .noneMatch(line -> line.startsWith("CPU"));
  }

  @Test
  void shouldAddUpFloors() {
    assertThat(FLOORS.ingestSeconds(1_000_000_000, 500_000_000, 100))
        .isEqualTo(0.1 + 1 + 1 + 1 + 0.1, offset(1e-9));
    assertThat(FLOORS.restoreSeconds(1_000_000_000, 1000))
        .isEqualTo(1 + 0.5 + 0.1 + 0.1, offset(1e-9));
    assertThat(FLOORS.unchangedSeconds(1000)).isEqualTo(1e-3, offset(1e-9));
    assertThat(FLOORS.checkSeconds(1_000_000_000, 1000)).isEqualTo(1e-3 + 0.1 + 0.5, offset(1e-9));
  }

  @Test
  void shouldSetNumbersFlushRight() {
    assertThat(BenchTable.aligned(List.of(List.of("a", "wall s"), List.of("ingest", "1.2"))))
        .containsExactly("a       wall s", "ingest     1.2");
  }

  private static Map<Phase, Figures> round(double seconds) {
    Used used =
        new Used(
            seconds,
            CpuByRole.of(ThreadRole.CLIENT, 1),
            1 << 20,
            CpuByRole.of(ThreadRole.BROKER, 2),
            1 << 21,
            OptionalDouble.of(0.25));
    return Map.of(Phase.INGEST, used.figures(10, 100_000_000));
  }

  private static BenchResult result(List<Map<Phase, Figures>> rounds) {
    Corpus corpus =
        new Corpus(
            Path.of("/files"), List.of(new Corpus.File(Path.of("/files/a"), 100)), 100_000_000);
    return new BenchResult(
        new MachineFacts(2, "some", 1L << 30, "17", -1), corpus, Optional.empty(), FLOORS, rounds);
  }
}
