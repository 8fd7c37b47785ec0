package io.castore.index;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which all tasks of a process call the store, and how much these may have under way
 * together. The threads end when they have nothing to do, so that nothing has to be closed.
 *
 * <p>Safe for use by many threads.
 */
final class StoreWorkers {
  /** How many calls to the store are under way at a time. */
  static final int CALLS_AT_A_TIME = 32;

  /** How many chunks a list may have that is kept in memory: 42 KB at most. */
  static final int SHORT_LIST = 1_000;

  /** How many lists in memory are made but not yet durable: 11 MB at most. */
  private static final int SHORT_LISTS = 256;

  /** How many lists in files are made but not yet durable: at most 42 bytes a chunk each. */
  private static final int LONG_LISTS = 4;

  private static final long IDLE_SECONDS = 10;

  private final Executor executor;
  private final Semaphore shortLists = new Semaphore(SHORT_LISTS);
  private final Semaphore longLists = new Semaphore(LONG_LISTS);

  StoreWorkers(Executor executor) {
    this.executor = executor;
  }

  /** Starts with no thread, and goes up to {@link #CALLS_AT_A_TIME}. */
  static StoreWorkers onThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            CALLS_AT_A_TIME,
            CALLS_AT_A_TIME,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "indexer-store-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return new StoreWorkers(threads);
  }

  /** Whoever hands work over holds a permit, so that what waits here is bounded. */
  void execute(Runnable work) {
    executor.execute(work);
  }

  Semaphore shortLists() {
    return shortLists;
  }

  Semaphore longLists() {
    return longLists;
  }
}
