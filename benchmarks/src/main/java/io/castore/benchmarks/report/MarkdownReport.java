package io.castore.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Writes the report in Markdown. A rate is the median over the rounds, each round's own being the
 * median over its iterations. A ratio is taken within each round; the median of them is given and,
 * in brackets, their range.
 */
public final class MarkdownReport {
  private static final String NOT_APPLICABLE = "–";
  private static final String NOT_FOUND = "not found";
  private static final String FAILED = "failed";

  private MarkdownReport() {}

  /**
   * Writes the report.
   *
   * @param header what to know before reading, in this order
   * @param rows of all tables; a table's rows keep their order
   */
  public static String write(Map<String, String> header, List<Row> rows) {
    StringBuilder text = new StringBuilder();
    header.forEach((name, value) -> text.append("- ").append(name + ": " + value + "\n"));
    Map<Section, List<Row>> tables = new LinkedHashMap<>();
    rows.forEach(row -> tables.computeIfAbsent(row.section(), key -> new ArrayList<>()).add(row));
    tables.forEach(
        (section, table) -> {
          text.append("\n## ").append(section.title()).append("\n\n");
          line(text, heads(section));
          line(text, heads(section).stream().map(head -> "---").toList());
          table.forEach(row -> line(text, cells(row)));
        });
    return text.toString();
  }

  private static List<String> heads(Section section) {
    List<String> heads = new ArrayList<>(Row.LABELS);
    heads.add("MB/s");
    for (String yardstick : section.yardsticks()) {
      heads.add(yardstick + ", MB/s");
      heads.add("ratio");
    }
    heads.add("bytes allocated per " + section.unit());
    heads.add("others' cores");
    return heads;
  }

  private static List<String> cells(Row row) {
    List<Round> rounds = row.rounds();
    List<String> cells = new ArrayList<>(row.labels());
    cells.add(rounds.isEmpty() ? FAILED : rate(over(rounds, round -> round.rate().median())));
    for (String yardstick : row.section().yardsticks()) {
      cells.addAll(comparison(rounds, yardstick));
    }
    cells.add(rounds.isEmpty() ? FAILED : whole(over(rounds, Round::allocatedBytes).median()));
    cells.add(others(rounds));
    return cells;
  }

  private static List<String> comparison(List<Round> rounds, String yardstick) {
    if (rounds.stream().noneMatch(round -> round.yardsticks().containsKey(yardstick))) {
      return List.of(NOT_APPLICABLE, NOT_APPLICABLE);
    }
    List<Double> rates = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (Round round : rounds) {
      Optional<Samples> rate =
          Objects.requireNonNullElse(round.yardsticks().get(yardstick), Optional.empty());
      rate.ifPresent(
          samples -> {
            rates.add(samples.median());
            ratios.add(round.rate().median() / samples.median());
          });
    }
    return rates.isEmpty()
        ? List.of(NOT_FOUND, NOT_APPLICABLE)
        : List.of(rate(new Samples(rates)), ratio(new Samples(ratios)));
  }

  private static String others(List<Round> rounds) {
    List<Double> loads =
        rounds.stream().flatMapToDouble(round -> round.others().stream()).boxed().toList();
    return loads.isEmpty()
        ? NOT_APPLICABLE
        : String.format(Locale.ROOT, "%.1f", new Samples(loads).median());
  }

  private static Samples over(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return new Samples(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static String rate(Samples samples) {
    return whole(samples.median());
  }

  private static String ratio(Samples samples) {
    String median = String.format(Locale.ROOT, "%.2f", samples.median());
    return samples.values().size() == 1
        ? median
        : String.format(Locale.ROOT, "%s (%.2f…%.2f)", median, samples.least(), samples.most());
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
