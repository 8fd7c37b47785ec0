package io.castore.benchmarks.curves;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a curve as a table, in Markdown: a row for each task of each point. */
final class CurveTable {
  private static final String UNKNOWN = "–";
  private static final double MEGABYTE = 1e6;

  private CurveTable() {}

  /** Writes its heading and its table. */
  static String write(Curve curve, List<Measured> rows) {
    StringBuilder text = new StringBuilder("\n## `%s`: %s\n\n".formatted(curve, curve.heading()));
    List<String> heads =
        List.of(
            "point",
            "task",
            "wall s",
            "MB/s",
            "files/s",
            "CPU s/GB",
            "CPU ms/file",
            "of it JIT",
            "client MB",
            "service MB",
            "others' cores");
    line(text, heads);
    line(text, Collections.nCopies(heads.size(), "---"));
    rows.forEach(row -> line(text, cells(row)));
    return text.toString();
  }

  private static List<String> cells(Measured row) {
    Map<String, Double> figures = row.figures();
    List<String> cells = new ArrayList<>(List.of(row.point().toString(), row.task()));
    cells.add(cell(figures, "wall_seconds", 1));
    cells.add(cell(figures, "mb_per_second", 1));
    cells.add(cell(figures, "files_per_second", 1));
    cells.add(cell(figures, "cpu_seconds_per_gb", 1));
    double files = figures.getOrDefault("files", 0.0);
    cells.add(files > 0 ? cell(figures, "cpu_seconds", files / 1e3) : UNKNOWN);
    cells.add(jit(figures));
    cells.add(cell(figures, "client_peak_bytes", MEGABYTE));
    cells.add(cell(figures, "service_peak_bytes", MEGABYTE));
    cells.add(cell(figures, "others_cores", 1));
    return cells;
  }

  private static String jit(Map<String, Double> figures) {
    double all = figures.getOrDefault("cpu_seconds", 0.0);
    return all > 0
        ? "%.0f %%".formatted(100 * figures.getOrDefault("jit_cpu_seconds", 0.0) / all)
        : UNKNOWN;
  }

  private static String cell(Map<String, Double> figures, String figure, double divisor) {
    Double value = figures.get(figure);
    return value == null ? UNKNOWN : number(value / divisor);
  }

  private static String number(double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
