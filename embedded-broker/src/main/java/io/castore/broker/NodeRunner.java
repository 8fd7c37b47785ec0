package io.castore.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops a {@link KafkaNode} on threads of its own, since Kafka does either for as long
 * as it takes, and some of its faults would leave it waiting for ever.
 *
 * <p>Not thread-safe, but may be handed from one thread to another.
 */
final class NodeRunner {
  private static final Logger log = LoggerFactory.getLogger(NodeRunner.class);

  /** How long a thread has to end by itself after a fault, and how long after an interrupt. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final BrokerThreads threads;
  private final BrokerOptions options;
  private final CompletableFuture<KafkaNode> started = new CompletableFuture<>();
  private final Thread starter;

  /** Begins a start. */
  NodeRunner(Path logs, LoopbackSockets sockets, BrokerThreads threads, BrokerOptions options) {
    this.threads = threads;
    this.options = options;
    starter = threads.start("start", () -> startNode(logs, sockets));
  }

  /**
   * Waits until the node answers clients.
   *
   * @throws Exception what Kafka failed with, or that the start took too long, or that this thread
   *     was interrupted; the caller then calls {@link #stop()}
   */
  void awaitStart() throws Exception {
    CompletableFuture<Object> first = CompletableFuture.anyOf(started, threads.fault());
    try {
      first.get(options.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
      if (threads.fault().isDone()) {
        // The starting thread mostly knows better what happened, and is about to say it.
        started.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        throw new ExecutionException(threads.fault().join());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      if (threads.fault().isDone()) {
        throw new ExecutionException(threads.fault().join());
      }
      throw new TimeoutException(
          "not started after " + options.startTimeout() + " (expected: sooner, or a longer limit)");
    }
  }

  /**
   * Stops the node, whether it runs, is starting or has failed, within about the time that the
   * options give.
   *
   * @return whether it has stopped; otherwise its threads may still write to the directory
   */
  boolean stop() {
    boolean starterEnded = join(starter, GRACE) || interruptAndJoin(starter);
    if (!starterEnded) {
      return false;
    }
    if (started.isCompletedExceptionally()) {
      return true;
    }
    KafkaNode node = started.join();
    Thread stopper = threads.start("stop", () -> node.stop(options.closeTimeout()));
    return join(stopper, options.closeTimeout()) || interruptAndJoin(stopper);
  }

  private void startNode(Path logs, LoopbackSockets sockets) {
    try {
      KafkaNode node = new KafkaNode(logs, sockets, threads, options);
      try {
        node.start();
      } catch (Throwable e) {
        node.stop(options.closeTimeout());
        throw e;
      }
      started.complete(node);
    } catch (Throwable e) {
      started.completeExceptionally(e);
    }
  }

  private static boolean interruptAndJoin(Thread thread) {
    log.warn("Thread {} takes too long; it is interrupted", thread.getName());
    thread.interrupt();
    return join(thread, GRACE);
  }

  /** Waits for a thread's end, even when this thread is interrupted: the time is limited. */
  private static boolean join(Thread thread, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (thread.isAlive()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
