package io.castore.endtoend.faults;

import java.io.IOException;
import java.time.Duration;

/**
 * Something that goes wrong at a moment of a round.
 *
 * @param at when, from the first chunk in the store on
 * @param blow what
 */
record Strike(Duration at, Blow blow) {
  /** Does harm, and returns when it is over. */
  @FunctionalInterface
  interface Blow {
    /**
     * Strikes.
     *
     * @return whether it hit: what it was aimed at was alive, or was hindered
     */
    boolean strike(Cluster cluster) throws IOException, InterruptedException;
  }
}
