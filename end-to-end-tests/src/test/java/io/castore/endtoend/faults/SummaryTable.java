package io.castore.endtoend.faults;

import io.castore.endtoend.faults.RoundResult.Outcome;
import java.util.List;
import java.util.function.ToLongFunction;

/** What all rounds came to, a line a case. */
final class SummaryTable {
  private static final String HEAD =
      "| %-24s | %6s | %6s | %7s | %9s | %4s | %14s | %4s | %8s | %7s |%n"
          .formatted(
              "case",
              "passed",
              "failed",
              "strikes",
              "objects",
              "lost",
              "false COMPLETE",
              "hung",
              "restarts",
              "seconds");

  private SummaryTable() {}

  /** Writes it as Markdown. */
  static String of(List<RoundResult> results) {
    StringBuilder table = new StringBuilder(HEAD);
    table.append(HEAD.strip().replaceAll("[^|]", "-")).append('\n');
    for (FaultCase faultCase : FaultCase.values()) {
      List<RoundResult> of =
          results.stream().filter(result -> result.faultCase() == faultCase).toList();
      if (!of.isEmpty()) {
        table.append(line(faultCase, of));
      }
    }
    return table.toString();
  }

  private static String line(FaultCase faultCase, List<RoundResult> results) {
    if (results.stream().allMatch(result -> result.outcome() == Outcome.SKIPPED)) {
      return "| %-24s | skipped: %s |%n".formatted(faultCase, results.get(0).remark());
    }
    return "| %-24s | %6d | %6d | %7d | %9d | %4d | %14d | %4d | %8d | %7d |%n"
        .formatted(
            faultCase,
            count(results, Outcome.PASSED),
            count(results, Outcome.FAILED),
            sum(results, RoundResult::strikes),
            sum(results, RoundResult::objects),
            sum(results, RoundResult::lost),
            sum(results, RoundResult::falseComplete),
            sum(results, RoundResult::hung),
            sum(results, RoundResult::restarts),
            sum(results, RoundResult::millis) / 1000);
  }

  private static long count(List<RoundResult> results, Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }

  private static long sum(List<RoundResult> results, ToLongFunction<RoundResult> figure) {
    return results.stream().mapToLong(figure).sum();
  }
}
