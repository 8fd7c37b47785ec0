package io.castore.gc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs readings on some threads. Who brings more than they can take does one himself, and with one
 * thread that is the caller's own.
 *
 * <p>Used by one thread.
 */
final class ReadAhead implements AutoCloseable {
  private static final int WAITING = 64;
  private static final long STALL_MINUTES = 10;

  private final @Nullable ThreadPoolExecutor threads;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  ReadAhead(int threads) {
    this.threads =
        threads < 2
            ? null
            : new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING),
                new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Reads something. */
  @FunctionalInterface
  interface Reading {
    /** Does it. */
    void run() throws IOException;
  }

  /** Has something read, now or later. Throws what an earlier reading threw. */
  void run(Reading reading) throws IOException {
    requireNoFailure();
    if (threads == null) {
      reading.run();
    } else {
      threads.execute(
          () -> {
            try {
              reading.run();
            } catch (IOException | RuntimeException failed) {
              failure.compareAndSet(null, failed);
            }
          });
    }
  }

  /** Waits until all was read. Throws what a reading threw. */
  void finish() throws IOException, InterruptedException {
    if (threads != null) {
      threads.shutdown();
      if (!threads.awaitTermination(STALL_MINUTES, TimeUnit.MINUTES)) {
        throw new InterruptedIOException(
            "blob objects could not be read in %d minutes".formatted(STALL_MINUTES));
      }
    }
    requireNoFailure();
  }

  private void requireNoFailure() throws IOException {
    Exception failed = failure.get();
    if (failed instanceof IOException unread) {
      throw unread;
    }
    if (failed instanceof RuntimeException wrong) {
      throw wrong;
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
