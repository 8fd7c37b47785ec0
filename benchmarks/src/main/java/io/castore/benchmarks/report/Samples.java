package io.castore.benchmarks.report;

import java.util.List;

/**
 * What repeated measurements of one thing gave.
 *
 * @param values one for each, in their order; at least one
 */
public record Samples(List<Double> values) {
  /**
   * Takes the values as they are now.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Samples {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("samples: none (expected: at least one)");
    }
  }

  /** Gives the value in the middle, or the mean of the two in the middle. */
  public double median() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Gives the smallest value. */
  public double least() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /** Gives the largest value. */
  public double most() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
