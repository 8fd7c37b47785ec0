package io.castore.cli.bench;

import io.castore.cli.progress.ProgressText;
import io.castore.content.objectstore.StoreOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a result for people: medians, with the range of wall seconds where there are rounds. */
final class BenchTable {
  private static final String UNKNOWN = "-";
  private static final double MEGABYTE = 1e6;

  /** A column: its head, the figure, and what that is divided by. */
  private record Column(String head, String figure, double divisor) {
    Column(String head, String figure) {
      this(head, figure, 1);
    }
  }

  private static final List<Column> MAIN =
      List.of(
          new Column("MB/s", "mb_per_second"),
          new Column("files/s", "files_per_second"),
          new Column("x floor", "times_floor"),
          new Column("CPU s", "cpu_seconds"),
          new Column("CPU s/GB", "cpu_seconds_per_gb"),
          new Column("client MB", "client_peak_bytes", MEGABYTE),
          new Column("service MB", "service_peak_bytes", MEGABYTE),
          new Column("others' cores", "others_cores"));

  private static final List<Column> STORED =
      List.of(
          new Column("stored MB", "stored_bytes", MEGABYTE),
          new Column("objects", "stored_objects"),
          new Column("added MB", "added_bytes", MEGABYTE),
          new Column("added objects", "added_objects"),
          new Column("added/read", "added_share"));

  private static final List<Column> RANGES =
      List.of(
          new Column("requests/s", "requests_per_second"),
          new Column("p50 ms", "p50_milliseconds"),
          new Column("p99 ms", "p99_milliseconds"));

  private BenchTable() {}

  /** The lines of the report. */
  static List<String> lines(BenchResult result) {
    List<String> lines = new ArrayList<>();
    MachineFacts machine = result.machine();
    lines.add("first version: " + corpus(result.first()));
    result.second().ifPresent(second -> lines.add("second version: " + corpus(second)));
    lines.add(
        "machine: %d cores (%s), %s of memory, JDK %s; load at the start %s"
            .formatted(
                machine.cores(),
                machine.model(),
                ProgressText.bytes(machine.memoryBytes()),
                machine.jdk(),
                machine.load() < 0 ? "unknown" : number(machine.load())));
    lines.add(floors(result.floors()));
    Map<Phase, Map<String, Spread>> spreads = result.spreads();
    table(lines, rounds(result), MAIN, spreads, true);
    table(lines, "stored", STORED, spreads, false);
    table(lines, "CPU s/GB", roles("_cpu_seconds_per_gb"), spreads, false);
    table(lines, "CPU s", roles("_cpu_seconds"), spreads, false);
    table(lines, "requests to the store", requests(), spreads, false);
    table(lines, "64 KiB ranges", RANGES, spreads, false);
    return lines;
  }

  private static String rounds(BenchResult result) {
    int rounds = result.rounds().size();
    return rounds == 1 ? "one round" : "medians of " + rounds + " rounds";
  }

  private static String corpus(Corpus corpus) {
    return "%s, %s, %s"
        .formatted(
            corpus.root(),
            ProgressText.count(corpus.files().size(), "file"),
            ProgressText.bytes(corpus.bytes()));
  }

  private static String floors(Floors floors) {
    return String.format(
        Locale.ROOT,
        "floors, all cores: copy %.0f MB/s, FastCDC %.0f, BLAKE3 %.0f, zstd %.0f, back %.0f; an object %.3f ms, a file"
            + " %.3f ms, a look %.4f ms",
        floors.copy() / MEGABYTE,
        floors.fastCdc() / MEGABYTE,
        floors.blake3() / MEGABYTE,
        floors.compress() / MEGABYTE,
        floors.decompress() / MEGABYTE,
        floors.objectSeconds() * 1e3,
        floors.fileSeconds() * 1e3,
        floors.lookSeconds() * 1e3);
  }

  private static List<Column> roles(String suffix) {
    List<Column> columns = new ArrayList<>();
    for (ThreadRole role : ThreadRole.values()) {
      columns.add(new Column(role.text(), role.text() + suffix));
    }
    return columns;
  }

  private static List<Column> requests() {
    List<Column> columns = new ArrayList<>();
    for (StoreOperation operation : StoreOperation.values()) {
      columns.add(new Column(operation.text(), operation.text() + "_requests"));
    }
    return columns;
  }

  /** Adds a table, of the phases that have any of its figures. */
  private static void table(
      List<String> lines,
      String title,
      List<Column> columns,
      Map<Phase, Map<String, Spread>> spreads,
      boolean withWall) {
    List<List<String>> rows = new ArrayList<>();
    List<String> heads = new ArrayList<>(List.of(title));
    if (withWall) {
      heads.add("wall s");
    }
    columns.forEach(column -> heads.add(column.head()));
    rows.add(heads);
    spreads.forEach(
        (phase, figures) -> {
          if (withWall
              || columns.stream().anyMatch(column -> figures.containsKey(column.figure()))) {
            List<String> row = new ArrayList<>(List.of(phase.text()));
            if (withWall) {
              row.add(range(figures.get("wall_seconds")));
            }
            columns.forEach(column -> row.add(cell(figures.get(column.figure()), column)));
            rows.add(row);
          }
        });
    if (rows.size() > 1) {
      lines.add("");
      lines.addAll(aligned(rows));
    }
  }

  private static String range(@Nullable Spread spread) {
    if (spread == null) {
      return UNKNOWN;
    }
    return spread.least() == spread.most()
        ? number(spread.median())
        : "%s (%s…%s)"
            .formatted(number(spread.median()), number(spread.least()), number(spread.most()));
  }

  private static String cell(@Nullable Spread spread, Column column) {
    return spread == null ? UNKNOWN : number(spread.median() / column.divisor());
  }

  /** Three digits that matter, or all that are before the point. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 || value == 0 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, size > 0 && size < 0.1 ? "%.3f" : format, value);
  }

  /** Sets the first column flush left, the others flush right. */
  static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String blanks = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + blanks : "  " + blanks + row.get(i));
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
