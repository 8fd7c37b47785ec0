package io.castore.audit.survey;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does work for the store on a few threads. Whoever gives it more than they have at hand waits.
 *
 * <p>Used by one thread at a time.
 */
public final class Workers implements AutoCloseable {
  /** How many threads there are where nothing else is said. */
  public static final int DEFAULT_THREADS = 4;

  private final ExecutorService threads;
  private final Semaphore room;
  private final int tasks;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Starts threads. */
  public Workers(int count) {
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "audit");
              thread.setDaemon(true);
              return thread;
            });
    tasks = 2 * count;
    room = new Semaphore(tasks);
  }

  /** Some work. */
  @FunctionalInterface
  public interface Task {
    /** Does it. An exception ends the audit. */
    void run() throws IOException;
  }

  /**
   * Has some work done, after waiting until there is room.
   *
   * @throws IOException if work that was given before has failed with it
   */
  public void submit(Task task) throws IOException {
    acquire(1);
    try {
      rethrow();
    } catch (IOException | RuntimeException | Error failed) {
      room.release();
      throw failed;
    }
    threads.execute(
        () -> {
          try {
            task.run();
          } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
          } finally {
            room.release();
          }
        });
  }

  /**
   * Waits until all work is done.
   *
   * @throws IOException if some of it has failed with it
   */
  public void drain() throws IOException {
    acquire(tasks);
    room.release(tasks);
    rethrow();
  }

  private void acquire(int permits) throws InterruptedIOException {
    try {
      room.acquire(permits);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the audit was interrupted");
    }
  }

  private void rethrow() throws IOException {
    Throwable failed = failure.get();
    if (failed instanceof IOException io) {
      throw io;
    }
    if (failed instanceof RuntimeException fault) {
      throw fault;
    }
    if (failed instanceof Error fault) {
      throw fault;
    }
  }

  /** Ends the threads. Work that was not begun is not done. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
