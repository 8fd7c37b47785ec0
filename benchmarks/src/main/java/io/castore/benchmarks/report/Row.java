package io.castore.benchmarks.report;

import java.util.List;

/**
 * A row of a table.
 *
 * @param section the table
 * @param labels what was measured: the operation, the data, the cores, the JDK, the backend
 * @param rounds what was measured of it, one entry for each round; empty where it failed
 */
public record Row(Section section, List<String> labels, List<Round> rounds) {
  /** The heads of the columns that {@link #labels} fills. */
  public static final List<String> LABELS = List.of("operation", "data", "cores", "JDK", "BLAKE3");

  /** Keeps the lists as they are now. */
  public Row {
    labels = List.copyOf(labels);
    rounds = List.copyOf(rounds);
  }
}
