package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Carries chunks to the store for all tasks of a process, and removes objects, many at a time. The
 * bounds hold for the process, and for both together. What a request takes of them it gives back
 * itself, on its own thread, so that no task can keep another one waiting by being slow or by being
 * gone.
 *
 * <p>Its threads end when they have had nothing to do for a while, so it needs no closing. Safe for
 * use by many threads.
 */
final class PutPool {
  /** How many records a task may hold, for each PUT that the pool allows. */
  private static final int HELD_FOR_EACH_PUT = 16;

  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ObjectWriter store;
  private final ObjectRemover remover;
  private final int records;
  private final PutBudget budget;
  private final Executor threads;

  /**
   * Makes a pool that has no threads yet.
   *
   * @param store where chunks go
   * @param records how many requests are made at a time. 1: none is made in the background, each
   *     caller makes its own and waits for it, and the bounds do not matter
   * @param bytes how many bytes are on their way at a time; a single chunk may be larger
   */
  <S extends ObjectWriter & ObjectRemover> PutPool(S store, int records, long bytes) {
    this.store = store;
    this.remover = store;
    this.records = records;
    budget = new PutBudget(records, bytes);
    threads = records == 1 ? Runnable::run : threads(records);
  }

  private static Executor threads(int count) {
    ThreadFactory daemons =
        work -> {
          Thread thread = new Thread(work, "chunk-put-" + THREADS.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    // The budget lets no more in than there are threads, so nothing stays in the queue.
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            daemons);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** The bounds, and what is taken of them. */
  PutBudget budget() {
    return budget;
  }

  /** Whether each PUT is over when {@link #put} returns. */
  boolean isPlain() {
    return records == 1;
  }

  /** How many records a task may hold that wait for PUTs. */
  int mostHeld() {
    return records * HELD_FOR_EACH_PUT;
  }

  /** How a request ended. */
  interface Listener {
    /**
     * Is called once for each request, on whatever thread made it.
     *
     * @param took how long it took
     * @param failure why the store did not do it, perhaps; {@code null} where it did
     */
    void ended(Digest digest, Duration took, @Nullable Throwable failure);
  }

  /**
   * Begins a PUT as soon as the bounds allow for it.
   *
   * @param frame the object, which nobody may change before the PUT has ended
   * @param timeout how long to wait for that
   * @return whether it was begun
   */
  boolean put(Digest digest, ObjectBody frame, Duration timeout, Listener listener)
      throws InterruptedException {
    return begin(
        frame.size(),
        timeout,
        () -> call(digest, () -> store.put(BucketLayout.chunkKey(digest), frame), listener));
  }

  /**
   * Begins to remove an object as soon as the bounds allow for it.
   *
   * @param digest what the listener is told
   * @param latestNanos {@link System#nanoTime} from which on the object is left
   * @param timeout how long to wait for that
   * @return whether it was begun
   */
  boolean delete(Digest digest, String key, long latestNanos, Duration timeout, Listener listener)
      throws InterruptedException {
    return begin(0, timeout, () -> call(digest, () -> delete(key, latestNanos), listener));
  }

  private void delete(String key, long latestNanos) throws IOException {
    long late = System.nanoTime() - latestNanos;
    if (late > 0) {
      throw new IOException(
          "%s: its turn came %d ms after the time for which this process is known to own it"
              .formatted(key, Duration.ofNanos(late).toMillis()));
    }
    remover.delete(key);
  }

  private boolean begin(long bytes, Duration timeout, Runnable request)
      throws InterruptedException {
    if (isPlain()) {
      request.run();
      return true;
    }
    if (!budget.take(bytes, timeout)) {
      return false;
    }
    boolean begun = false;
    try {
      threads.execute(
          () -> {
            try {
              request.run();
            } finally {
              budget.giveBack(bytes);
            }
          });
      begun = true;
    } finally {
      if (!begun) {
        budget.giveBack(bytes);
      }
    }
    return true;
  }

  @FunctionalInterface
  private interface Request {
    void send() throws IOException;
  }

  private static void call(Digest digest, Request request, Listener listener) {
    long begin = System.nanoTime();
    Throwable failure = null;
    try {
      request.send();
    } catch (Throwable notDone) { // even an error must reach the task that waits
      failure = notDone;
    }
    listener.ended(digest, Duration.ofNanos(System.nanoTime() - begin), failure);
  }
}
