package io.castore.benchmarks.curves;

import java.util.Map;

/**
 * What a task needed at a point.
 *
 * @param figures by their names, which end with their unit, as {@code castore bench} has them; what
 *     is not known is not there
 */
record Measured(Point point, String task, Map<String, Double> figures) {
  /** Keeps the map as it is now. */
  Measured {
    figures = Map.copyOf(figures);
  }
}
