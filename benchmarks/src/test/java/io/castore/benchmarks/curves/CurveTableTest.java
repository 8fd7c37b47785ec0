package io.castore.benchmarks.curves;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CurveTableTest {
  @Test
  void shouldTellWhatAByteAndAFileCost() {
    Map<String, Double> figures =
        Map.of(
            "wall_seconds", 2.0,
            "files", 1000.0,
            "files_per_second", 500.0,
            "mb_per_second", 50.0,
            "cpu_seconds", 3.0,
            "cpu_seconds_per_gb", 30.0,
            "jit_cpu_seconds", 0.3,
            "client_peak_bytes", 250e6,
            "service_peak_bytes", 700e6,
            "others_cores", 0.02);
    assertThat(
            CurveTable.write(
                Curve.FILES, List.of(new Measured(new Point(1000, 0), "ingest", figures))))
        .startsWith("\n## `files`: files of 4 KiB\n\n| point | task | wall s |")
        .endsWith(
            "\n| 1000 | ingest | 2.00 | 50.0 | 500 | 30.0 | 3.00 | 10 % | 250 | 700 | 0.02 |\n");
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    assertThat(
            CurveTable.write(
                Curve.CHUNKS,
                List.of(
                    new Measured(
                        new Point(10, 0), "start", Map.of("wall_seconds", 1.0, "files", 0.0)))))
        .endsWith("\n| 10 | start | 1.00 | – | – | – | – | – | – | – | – |\n");
  }
}
