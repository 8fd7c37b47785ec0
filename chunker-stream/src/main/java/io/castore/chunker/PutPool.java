package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectWriter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Carries chunks to the store for all tasks of a process, many at a time. The bounds hold for the
 * process. What a PUT takes of them it gives back itself, on its own thread, so that no task can
 * keep another one waiting by being slow or by being gone.
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
  private final int records;
  private final PutBudget budget;
  private final Executor threads;

  /**
   * Makes a pool that has no threads yet.
   *
   * @param store where chunks go
   * @param records how many PUTs are made at a time. 1: none is made in the background, each caller
   *     makes its own and waits for it, and the bounds do not matter
   * @param bytes how many bytes are on their way at a time; a single chunk may be larger
   */
  PutPool(ObjectWriter store, int records, long bytes) {
    this.store = store;
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

  /** Whether each PUT is over when {@link #put} returns. */
  boolean isPlain() {
    return records == 1;
  }

  /** How many records a task may hold that wait for PUTs. */
  int mostHeld() {
    return records * HELD_FOR_EACH_PUT;
  }

  /** How a PUT ended. */
  interface Listener {
    /**
     * Is called once for each PUT, on whatever thread made it.
     *
     * @param took how long the PUT took
     * @param failure why the store does not hold the chunk, perhaps; {@code null} where it does
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
    if (isPlain()) {
      carry(digest, frame, listener);
      return true;
    }
    if (!budget.take(frame.size(), timeout)) {
      return false;
    }
    boolean begun = false;
    try {
      threads.execute(() -> carryAndGiveBack(digest, frame, listener));
      begun = true;
    } finally {
      if (!begun) {
        budget.giveBack(frame.size());
      }
    }
    return true;
  }

  private void carryAndGiveBack(Digest digest, ObjectBody frame, Listener listener) {
    try {
      carry(digest, frame, listener);
    } finally {
      budget.giveBack(frame.size());
    }
  }

  private void carry(Digest digest, ObjectBody frame, Listener listener) {
    long begin = System.nanoTime();
    Throwable failure = null;
    try {
      store.put(BucketLayout.chunkKey(digest), frame);
    } catch (Throwable notStored) { // even an error must reach the task that waits
      failure = notStored;
    }
    listener.ended(digest, Duration.ofNanos(System.nanoTime() - begin), failure);
  }
}
