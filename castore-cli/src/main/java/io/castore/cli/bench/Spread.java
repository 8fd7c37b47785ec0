package io.castore.cli.bench;

import java.util.List;

/**
 * What repeated measurements of one thing gave.
 *
 * @param median the one in the middle, or the mean of the two in the middle
 */
public record Spread(double median, double least, double most) {
  /**
   * Takes the values of all rounds.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values: none (expected: at least one)");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
