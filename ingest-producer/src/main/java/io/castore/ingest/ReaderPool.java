package io.castore.ingest;

import io.castore.content.chunking.ContentSplitter;
import io.castore.pipeline.config.CastoreConfig;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read sources, each with a {@link SourceReader} at a time, and those that help
 * them.
 *
 * <p>Safe for use by many threads.
 */
final class ReaderPool implements AutoCloseable {
  /** Of chunks that await whether they are referred to, over all readers. */
  private static final long AWAITING_BYTES = 64L << 20;

  private final BlockingQueue<SourceReader> idle;
  private final ExecutorService threads;
  private final ExecutorService helpers;
  private final Queue<Consumer<SourceReader>> urgent = new ConcurrentLinkedQueue<>();
  private final Queue<Consumer<SourceReader>> ordinary = new ConcurrentLinkedQueue<>();

  /** Starts as many as are configured. */
  ReaderPool(CastoreConfig config) {
    int helperCount = Runtime.getRuntime().availableProcessors() - 1;
    helpers =
        Executors.newFixedThreadPool(Math.max(1, helperCount), DaemonThreads.named("chunk-helper"));
    idle = new ArrayBlockingQueue<>(config.ingestReaders());
    long awaitingBytes =
        Math.min(ContentSplitter.DEFAULT_AWAITING_BYTES, AWAITING_BYTES / config.ingestReaders());
    for (int i = 0; i < config.ingestReaders(); i++) {
      idle.add(
          new SourceReader(
              config.chunkSizes(), config.zstdLevel(), helpers, helperCount, awaitingBytes));
    }
    threads =
        Executors.newFixedThreadPool(config.ingestReaders(), DaemonThreads.named("source-reader"));
  }

  /**
   * Reads something as soon as everything before it is being read.
   *
   * @throws RejectedExecutionException if this was shut down
   */
  void execute(Consumer<SourceReader> task) {
    add(ordinary, task);
  }

  /**
   * Reads something before all that is not urgent.
   *
   * @throws RejectedExecutionException if this was shut down
   */
  void executeSoon(Consumer<SourceReader> task) {
    add(urgent, task);
  }

  private void add(Queue<Consumer<SourceReader>> queue, Consumer<SourceReader> task) {
    queue.add(task);
    try {
      threads.execute(this::runNext);
    } catch (RejectedExecutionException closed) {
      queue.remove(task);
      throw closed;
    }
  }

  private void runNext() {
    Consumer<SourceReader> task = next();
    if (task == null) {
      return;
    }
    SourceReader reader = idle.remove();
    try {
      task.accept(reader);
    } finally {
      idle.add(reader);
    }
  }

  private @Nullable Consumer<SourceReader> next() {
    Consumer<SourceReader> task = urgent.poll();
    return task == null ? ordinary.poll() : task;
  }

  /** Gives how many threads are with a source. */
  int busy() {
    return idle.remainingCapacity();
  }

  /** Takes no more, and does what it has taken. */
  void shutdown() {
    threads.shutdown();
  }

  /** Interrupts what it does, and drops what waits. */
  @Override
  public void close() {
    threads.shutdownNow();
    helpers.shutdownNow();
  }
}
