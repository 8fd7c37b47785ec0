package io.castore.benchmarks.report;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one round gave for a row.
 *
 * @param rate ours, in MB/s
 * @param allocatedBytes what was allocated for each unit of the section, in bytes
 * @param yardsticks the yardsticks that there are for this row, each with its rate in MB/s, or
 *     empty where it is not on this machine
 * @param others how many cores other processes kept busy meanwhile, on average; empty where the
 *     system does not tell
 */
public record Round(
    Samples rate,
    double allocatedBytes,
    Map<String, Optional<Samples>> yardsticks,
    OptionalDouble others) {
  /** Keeps the map as it is now. */
  public Round {
    yardsticks = Map.copyOf(yardsticks);
  }
}
