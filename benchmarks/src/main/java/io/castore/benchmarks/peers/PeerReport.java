package io.castore.benchmarks.peers;

import io.castore.cli.bench.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Writes the tables of one corpus, in Markdown: medians, and ratios with their range. */
final class PeerReport {
  private static final double MEGABYTE = 1e6;
  private static final String NOT_FOUND = "not found";
  private static final String FAILED = "failed";
  private static final List<String> FIGURES =
      List.of(
          "task",
          "tool",
          "wall s",
          "MB/s",
          "CPU s",
          "CPU s/GB",
          "peak MB",
          "stored MB",
          "files stored",
          "added ÷ read");
  private static final List<String> RATIOS =
      List.of("task", "ours ÷ tool", "MB/s", "CPU s", "peak memory", "stored bytes");

  private PeerReport() {}

  /** Writes the section of a corpus. */
  static String section(Versions versions, PeerRounds rounds) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n## `%s`: %d files, %.0f MB%n%nMedians of %d rounds. Others' cores in each: %s.%n%n",
            versions.name(),
            versions.first().files().size(),
            versions.first().bytes() / MEGABYTE,
            rounds.others().size(),
            String.join(", ", rounds.others().stream().map(PeerReport::number).toList())));
    table(text, FIGURES, figures(rounds));
    table(text, RATIOS, ratios(rounds));
    return text.toString();
  }

  private static List<List<String>> figures(PeerRounds rounds) {
    List<List<String>> rows = new ArrayList<>();
    for (Task task : Task.values()) {
      for (String column : rounds.columns()) {
        List<Measured> all = rounds.of(column, task);
        if (!all.isEmpty()) {
          rows.add(
              List.of(
                  task.text(),
                  column,
                  range(all, Measured::wallSeconds),
                  median(all, Measured::megabytesPerSecond),
                  median(all, Measured::cpuSeconds),
                  median(all, Measured::cpuSecondsPerGigabyte),
                  median(all, one -> one.peakBytes() / MEGABYTE),
                  median(all, one -> one.storedBytes() / MEGABYTE),
                  median(all, Measured::storedFiles),
                  String.format(
                      Locale.ROOT,
                      "%.3f",
                      spread(all, one -> one.addedBytes() / one.bytes()).median())));
        } else if (!rounds.isMeasured(column)) {
          String reason = rounds.isFailed(column) ? FAILED : NOT_FOUND;
          List<String> row = new ArrayList<>(List.of(task.text(), column, reason));
          while (row.size() < FIGURES.size()) {
            row.add("");
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static List<List<String>> ratios(PeerRounds rounds) {
    List<List<String>> rows = new ArrayList<>();
    for (Task task : Task.values()) {
      for (String ours : rounds.columns()) {
        for (String theirs : rounds.columns()) {
          if (CastoreContender.isOurs(ours)
              && !CastoreContender.isOurs(theirs)
              && !rounds.ratios(ours, theirs, task, (left, right) -> 1).isEmpty()) {
            rows.add(
                List.of(
                    task.text(),
                    ours + " ÷ " + theirs,
                    ratio(rounds, ours, theirs, task, Measured::megabytesPerSecond),
                    ratio(rounds, ours, theirs, task, Measured::cpuSeconds),
                    ratio(rounds, ours, theirs, task, Measured::peakBytes),
                    ratio(rounds, ours, theirs, task, Measured::storedBytes)));
          }
        }
      }
    }
    return rows;
  }

  private static String ratio(
      PeerRounds rounds, String ours, String theirs, Task task, ToDoubleFunction<Measured> figure) {
    return range(
        Spread.of(
            rounds.ratios(
                ours,
                theirs,
                task,
                (left, right) -> figure.applyAsDouble(left) / figure.applyAsDouble(right))));
  }

  private static Spread spread(List<Measured> all, ToDoubleFunction<Measured> figure) {
    return Spread.of(all.stream().map(figure::applyAsDouble).toList());
  }

  private static String median(List<Measured> all, ToDoubleFunction<Measured> figure) {
    return number(spread(all, figure).median());
  }

  private static String range(List<Measured> all, ToDoubleFunction<Measured> figure) {
    return range(spread(all, figure));
  }

  private static String range(Spread spread) {
    return spread.least() == spread.most()
        ? number(spread.median())
        : "%s (%s…%s)"
            .formatted(number(spread.median()), number(spread.least()), number(spread.most()));
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT,
        Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f",
        value);
  }

  private static void table(StringBuilder text, List<String> heads, List<List<String>> rows) {
    line(text, heads);
    line(text, heads.stream().map(head -> "---").toList());
    rows.forEach(row -> line(text, row));
    text.append("\n");
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
