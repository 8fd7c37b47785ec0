package io.castore.gc;

import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Gives way to uploads: while receipts come, the threads of a collection take no more than a share
 * of a core together. Time that they wait for a store or for Kafka is not counted.
 *
 * <p>Safe for use by many threads.
 */
final class Pace {
  /** The system is asked for what was used once in so many steps: that costs like some steps. */
  private static final int STEPS_A_LOOK = 32;

  /** What a thread may use before it pauses. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The longest pause without looking whether uploads still come. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final double WHOLE = 100;

  private final double share;
  private final Supplier<Map<Integer, Long>> receiptEnds;
  private final Clocks clocks;

  /** Kafka is asked by this thread alone, which is the one that reads the log. */
  private final Thread owner = Thread.currentThread();

  private final ThreadLocal<Counted> counted;
  private Map<Integer, Long> lastEnds = Map.of();
  private long lookAt;
  private volatile boolean uploadsCome;

  /** When all that was used so far is paid for. Guarded by this. */
  private long freeAt;

  /** When a thread was last counted, what it had used by then, and its steps since. */
  private static final class Counted {
    private long nanos;
    private long cpuNanos;
    private int steps;

    Counted(long nanos, long cpuNanos) {
      this.nanos = nanos;
      this.cpuNanos = cpuNanos;
    }
  }

  /** Time, and how it passes. */
  interface Clocks {
    /** What the current thread has used of a core, in nanoseconds; negative where unknown. */
    long cpuNanos();

    /** Wall time, of any origin, in nanoseconds. */
    long nanos();

    /** Waits. */
    void pause(long nanos) throws InterruptedException;
  }

  /**
   * Begins, for the thread that calls it and for those that help it.
   *
   * @param percent the share of one core, from 1 to 100; 100 is no limit
   * @param receiptEnds the offsets after the last receipts
   */
  static Pace of(int percent, Supplier<Map<Integer, Long>> receiptEnds) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return new Pace(
        percent,
        receiptEnds,
        new Clocks() {
          @Override
          public long cpuNanos() {
            return threads.isCurrentThreadCpuTimeSupported()
                ? threads.getCurrentThreadCpuTime()
                : -1;
          }

          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public void pause(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
          }
        });
  }

  Pace(int percent, Supplier<Map<Integer, Long>> receiptEnds, Clocks clocks) {
    this.share = percent / WHOLE;
    this.receiptEnds = receiptEnds;
    this.clocks = clocks;
    counted = ThreadLocal.withInitial(() -> new Counted(clocks.nanos(), clocks.cpuNanos()));
    freeAt = clocks.nanos();
    lookAt = freeAt;
  }

  /**
   * To be called at each small piece of work: pauses where that is due.
   *
   * @throws InterruptedIOException if the thread is interrupted while it pauses
   */
  void step() throws InterruptedIOException {
    if (share >= 1) {
      return;
    }
    Counted mine = counted.get();
    if (++mine.steps % STEPS_A_LOOK != 0) {
      return;
    }
    long cpu = clocks.cpuNanos();
    long used = cpu - mine.cpuNanos;
    if (cpu < 0 || used < SLICE_NANOS) {
      return;
    }
    long until = pay(used, mine.nanos);
    mine.cpuNanos = cpu;
    mine.nanos = clocks.nanos();
    try {
      for (long now = clocks.nanos(); until - now > 0; now = clocks.nanos()) {
        look(now);
        if (!uploadsCome) {
          forgive(now);
          return;
        }
        clocks.pause(Math.min(until - now, PAUSE_NANOS));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while giving way to uploads");
    }
  }

  private synchronized long pay(long used, long begun) {
    freeAt = (freeAt - begun > 0 ? freeAt : begun) + (long) (used / share);
    return freeAt;
  }

  private synchronized void forgive(long now) {
    freeAt = now;
  }

  private void look(long now) {
    if (Thread.currentThread() != owner || now - lookAt < 0) {
      return;
    }
    lookAt = now + LOOK_NANOS;
    Map<Integer, Long> ends = receiptEnds.get();
    uploadsCome = !ends.equals(lastEnds);
    lastEnds = ends;
  }
}
