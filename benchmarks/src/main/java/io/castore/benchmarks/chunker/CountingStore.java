package io.castore.benchmarks.chunker;

import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A store that keeps nothing, takes a given time for each PUT, and notes when PUTs end. Safe for
 * use by many threads.
 */
final class CountingStore implements ObjectWriter, ObjectRemover {
  private final Duration delay;
  private long puts;
  private long bytes;
  private long firstEndNanos;
  private long lastEndNanos;

  CountingStore(Duration delay) {
    this.delay = delay;
  }

  @Override
  public void put(String key, ObjectBody body) throws InterruptedIOException {
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(key);
    }
    count(body.size(), System.nanoTime());
  }

  private synchronized void count(long size, long nowNanos) {
    if (puts == 0) {
      firstEndNanos = nowNanos;
    }
    lastEndNanos = nowNanos;
    puts++;
    bytes += size;
    notifyAll();
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws InterruptedIOException {
    put(key, body);
    return true;
  }

  /** There is nothing to remove. */
  @Override
  public void delete(String key) {}

  /** Waits until so many PUTs have ended, or so long. */
  synchronized void await(long count, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long left = limit.toMillis();
        puts < count && left > 0;
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
      wait(left);
    }
  }

  synchronized long puts() {
    return puts;
  }

  /** PUTs a second, from the end of the first one to that of the last one. */
  synchronized double putsPerSecond() {
    return (puts - 1) * 1e9 / Math.max(1, lastEndNanos - firstEndNanos);
  }

  /** Stored megabytes (10^6) a second, over the same time. */
  synchronized double megabytesPerSecond() {
    return putsPerSecond() * bytes / Math.max(1, puts) / 1e6;
  }
}
