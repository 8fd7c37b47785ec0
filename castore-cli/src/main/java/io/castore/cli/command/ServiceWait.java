package io.castore.cli.command;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long a service that takes nothing for now is waited for. One that was never heard is not
 * waited for at all: its URL may be wrong.
 *
 * <p>Safe for use by many threads.
 */
final class ServiceWait {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;

  private final IntervalFunction pauses =
      IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, GROWTH, JITTER, LONGEST_PAUSE);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Duration patience;
  private volatile boolean everHeard;
  private volatile long heardAtNanos;

  /**
   * Waits.
   *
   * @param patience how long nothing may be heard of the service
   */
  ServiceWait(Duration patience) {
    this.patience = patience;
  }

  /** The service has answered, or takes what is sent. */
  void heard() {
    heardAtNanos = System.nanoTime();
    everHeard = true;
  }

  /** Whether it is too early to give up. */
  boolean mayGoOn() {
    return everHeard && System.nanoTime() - heardAtNanos < patience.toNanos();
  }

  /** Waits a while, the longer the more attempts there were, or until this is stopped. */
  void pause(int attempts) {
    try {
      boolean unused = stopped.await(pauses.apply(attempts), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all pauses. */
  void stop() {
    stopped.countDown();
  }
}
