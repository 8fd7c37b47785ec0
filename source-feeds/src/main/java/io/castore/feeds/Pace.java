package io.castore.feeds;

import java.util.concurrent.TimeUnit;

/**
 * Keeps work below a rate, evenly: who comes too early waits.
 *
 * <p>Safe for use by many threads.
 */
public final class Pace {
  private final double nanosPerUnit;
  private long nextNanos = System.nanoTime();

  private Pace(double nanosPerUnit) {
    this.nanosPerUnit = nanosPerUnit;
  }

  /**
   * Makes one.
   *
   * @param unitsPerSecond 0 for no limit
   */
  public static Pace of(long unitsPerSecond) {
    return new Pace(
        unitsPerSecond == 0 ? 0 : (double) TimeUnit.SECONDS.toNanos(1) / unitsPerSecond);
  }

  /** Waits until so many units may begin. What they cost is waited for by who comes next. */
  public void await(long units) throws InterruptedException {
    if (nanosPerUnit > 0) {
      TimeUnit.NANOSECONDS.sleep(take(units));
    }
  }

  private synchronized long take(long units) {
    long now = System.nanoTime();
    long begin = Math.max(now, nextNanos);
    nextNanos = begin + (long) (units * nanosPerUnit);
    return begin - now;
  }
}
