package io.castore.pipeline.outage;

import io.castore.pipeline.cluster.StoreMismatchException;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker between this process and its store. While the store cannot be worked with it
 * is open, and whoever listens works no more; it looks again with growing pauses, and closes by
 * itself when the store is back. It opens when somebody's request has failed after all its retries,
 * or when a regular look at the store has.
 *
 * <p>A store that answers looks and fails requests, such as one whose disk is full, opens it again
 * and again: the pauses go on growing until there was no failure for a minute.
 *
 * <p>Safe for use by many threads.
 */
public final class StoreBreaker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreBreaker.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final double GROWTH = 2.0;
  private static final double JITTER = 0.3;
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, GROWTH, JITTER, LONGEST_PAUSE);

  private final StoreProbe probe;
  private final Duration interval;
  private final List<Listener> listeners = new ArrayList<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "store-breaker");

  private @Nullable String reason;
  private int failures;
  private long closedAtNanos;
  private boolean stopped;

  private StoreBreaker(StoreProbe probe, Duration interval) {
    this.probe = probe;
    this.interval = interval;
  }

  /** Is told when work has to stop, and when it may go on. Called by one thread at a time. */
  public interface Listener {
    /**
     * Stops working. Must return at once.
     *
     * @param why says to a person what is the matter with the store
     */
    void paused(String why);

    /** Goes on. Must return at once. */
    void resumed();
  }

  /**
   * Starts to look, on a thread of its own.
   *
   * @param interval how often it looks while all is well
   */
  public static StoreBreaker start(StoreProbe probe, Duration interval) {
    StoreBreaker breaker = new StoreBreaker(probe, interval);
    breaker.thread.setDaemon(true);
    breaker.thread.start();
    return breaker;
  }

  /** Tells somebody from now on; at once, where it is open already. */
  public synchronized void listen(Listener listener) {
    listeners.add(listener);
    if (reason != null) {
      listener.paused(reason);
    }
  }

  /** Learns that a request has failed after all its retries. Returns at once. */
  public synchronized void failed(Throwable cause) {
    if (reason != null) {
      return;
    }
    if (System.nanoTime() - closedAtNanos > HEALTHY_AFTER.toNanos()) {
      failures = 0;
    }
    String why = textOf(cause);
    reason = why;
    log.warn("Paused, since the store cannot be worked with: {}", why);
    listeners.forEach(listener -> listener.paused(why));
    notifyAll();
  }

  /** Whether nobody is to work now. */
  public synchronized boolean isOpen() {
    return reason != null;
  }

  /** Is completed with the reason, should the store have become another one. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  private void run() {
    try {
      while (awaitNextLook()) {
        look();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false when there is nothing more to look after. */
  private synchronized boolean awaitNextLook() throws InterruptedException {
    long startNanos = System.nanoTime();
    boolean wasOpen = reason != null;
    long pauseNanos =
        wasOpen
            ? TimeUnit.MILLISECONDS.toNanos(PAUSES.apply(Math.max(1, failures)))
            : interval.toNanos();
    if (wasOpen) {
      log.info("The next look at the store is in {} ms", TimeUnit.NANOSECONDS.toMillis(pauseNanos));
    }
    while (!stopped && wasOpen == (reason != null)) {
      long leftMillis =
          TimeUnit.NANOSECONDS.toMillis(startNanos + pauseNanos - System.nanoTime()) + 1;
      if (leftMillis <= 1) {
        return true;
      }
      wait(leftMillis);
    }
    // It has opened meanwhile: the pause before the next look is another one.
    return !stopped && awaitNextLook();
  }

  private void look() {
    boolean wasOpen = isOpen();
    try {
      probe.check();
      close(System.nanoTime());
    } catch (StoreMismatchException another) {
      failed(another);
      failure.complete(another);
      stop();
    } catch (IOException away) {
      away(away, wasOpen);
    } catch (RuntimeException fault) {
      away(fault, wasOpen);
    }
  }

  private synchronized void close(long nowNanos) {
    if (reason == null || stopped) {
      return;
    }
    failures++;
    reason = null;
    closedAtNanos = nowNanos;
    log.warn("Going on, since the store answers again");
    listeners.forEach(Listener::resumed);
  }

  private synchronized void away(Exception why, boolean wasOpen) {
    failed(why);
    failures++;
    if (wasOpen) {
      log.warn("The store cannot be worked with yet: {}", textOf(why));
    }
  }

  private synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  private static String textOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  /** Looks no more. Who was paused stays so. */
  @Override
  public void close() {
    stop();
    thread.interrupt();
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
