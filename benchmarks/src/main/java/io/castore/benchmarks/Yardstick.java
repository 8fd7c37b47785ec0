package io.castore.benchmarks;

import io.castore.benchmarks.report.Samples;
import java.util.Optional;

/** What our speed is held against. */
interface Yardstick {
  /** Gives the name of its column. */
  String name();

  /** Tells whether it does the same work. */
  boolean appliesTo(Workload workload);

  /**
   * Measures it now.
   *
   * @return its rate in MB/s; empty where it is not on this machine
   */
  Optional<Samples> measure(Workload workload) throws InterruptedException;
}
