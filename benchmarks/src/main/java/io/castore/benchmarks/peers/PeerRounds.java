package io.castore.benchmarks.peers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rounds of one corpus gave.
 *
 * <p>Not thread-safe.
 */
final class PeerRounds {
  private final Map<String, List<Map<Task, Measured>>> rounds = new LinkedHashMap<>();
  private final Set<String> failed = new HashSet<>();
  private final List<Double> others = new ArrayList<>();

  /** Begins with none, and with the columns in an order. */
  PeerRounds(List<String> columns) {
    columns.forEach(column -> rounds.put(column, new ArrayList<>()));
  }

  /**
   * Adds a round of all tools.
   *
   * @param round what each column's tasks needed; columns of tools that are not there are missing
   * @param othersCores how many cores other processes kept busy meanwhile, on average
   */
  void add(Map<String, Map<Task, Measured>> round, double othersCores) {
    rounds.forEach((column, all) -> all.add(round.getOrDefault(column, Map.of())));
    others.add(othersCores);
  }

  List<String> columns() {
    return List.copyOf(rounds.keySet());
  }

  List<Double> others() {
    return List.copyOf(others);
  }

  /** What each round gave for a column and task, where it gave anything. */
  List<Measured> of(String column, Task task) {
    return of(column).stream()
        .filter(round -> round.containsKey(task))
        .map(round -> round.get(task))
        .toList();
  }

  /** Notes that a tool that is there did not come to the end of a round. */
  void fail(List<String> columns) {
    failed.addAll(columns);
  }

  /** Whether the tool did anything in any round. */
  boolean isMeasured(String column) {
    return of(column).stream().anyMatch(round -> !round.isEmpty());
  }

  /** Whether the tool failed in any round. */
  boolean isFailed(String column) {
    return failed.contains(column);
  }

  private List<Map<Task, Measured>> of(String column) {
    return rounds.getOrDefault(column, List.of());
  }

  /** A figure of two columns in one round, the one over the other. */
  @FunctionalInterface
  interface Ratio {
    double of(Measured ours, Measured theirs);
  }

  /** Gives a ratio within each round in which both did the task. */
  List<Double> ratios(String ours, String theirs, Task task, Ratio ratio) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < of(ours).size(); i++) {
      Measured left = of(ours).get(i).get(task);
      Measured right = of(theirs).get(i).get(task);
      if (left != null && right != null) {
        ratios.add(ratio.of(left, right));
      }
    }
    return ratios;
  }
}
