package io.castore.ingest;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long nobody is asked, after no answer came: 5 seconds, and twice as long each time, up to
 * a minute, until there is an answer.
 *
 * <p>Safe for use by many threads.
 */
final class LookupOutage {
  private static final Logger log = LoggerFactory.getLogger(LookupOutage.class);
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private boolean on;
  private long nextNanos = FIRST_NANOS;
  private long sinceNanos;
  private long lengthNanos;

  /** Measures time with a clock such as {@link System#nanoTime}. */
  LookupOutage(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Tells whether nobody is to be asked now. */
  synchronized boolean isOn() {
    if (on && nanoTime.getAsLong() - sinceNanos >= lengthNanos) {
      on = false;
    }
    return on;
  }

  /** No answer came. Those who waited together count once. */
  synchronized void failed(String reason) {
    if (isOn()) {
      return;
    }
    on = true;
    sinceNanos = nanoTime.getAsLong();
    lengthNanos = nextNanos;
    long seconds = TimeUnit.NANOSECONDS.toSeconds(lengthNanos);
    if (nextNanos == FIRST_NANOS) {
      log.info(
          "Cannot ask which chunks are stored, so all bytes are sent; asking again in {} s: {}",
          seconds,
          reason);
    } else {
      log.debug("Still cannot ask which chunks are stored, again in {} s: {}", seconds, reason);
    }
    nextNanos = Math.min(2 * nextNanos, LONGEST_NANOS);
  }

  /** An answer came. */
  synchronized void answered() {
    nextNanos = FIRST_NANOS;
  }
}
