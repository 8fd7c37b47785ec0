package io.castore.audit.survey;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Keeps reads below a rate. Safe for use by many threads. */
public final class ReadRate {
  /** As fast as can be. */
  public static final ReadRate UNLIMITED = new ReadRate(0);

  private final long bytesPerSecond;
  private long freeAtNanos = System.nanoTime();

  /**
   * Sets a rate.
   *
   * @param bytesPerSecond 0 for no bound
   */
  public ReadRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until so many bytes may be read. */
  public void await(long bytes) throws InterruptedIOException {
    if (bytesPerSecond <= 0) {
      return;
    }
    long waitNanos;
    synchronized (this) {
      long now = System.nanoTime();
      waitNanos = Math.max(0, freeAtNanos - now);
      freeAtNanos =
          now
              + waitNanos
              + Math.round((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    }
    try {
      TimeUnit.NANOSECONDS.sleep(waitNanos);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the audit was interrupted");
    }
  }
}
