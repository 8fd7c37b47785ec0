package io.castore.pipeline.cluster;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;

/**
 * Does the same thing again and again on one daemon thread, until it is closed. Where Kafka fails,
 * it tries again after a pause that grows, and says so once until it works again.
 *
 * <p>Safe for use by many threads.
 */
final class Rounds implements AutoCloseable {
  private static final int LONGEST_PAUSE_FACTOR = 6;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final BlockingQueue<Boolean> wishes = new ArrayBlockingQueue<>(1);
  private final Logger log;
  private final String action;
  private final Duration pause;
  private final Round round;
  private final Thread thread;

  private Rounds(Logger log, String action, Duration pause, Round round) {
    this.log = log;
    this.action = action;
    this.pause = pause;
    this.round = round;
    thread = new Thread(this::run, "castore: " + action);
    thread.setDaemon(true);
  }

  /** What is done. */
  @FunctionalInterface
  interface Round {
    /** Does it once; a {@link KafkaException} is survived, any other exception is not. */
    void run() throws InterruptedException;
  }

  /**
   * Starts with the first round, at once.
   *
   * @param log where failures go
   * @param action what is done, as it follows "cannot"
   * @param pause between two rounds
   */
  static Rounds start(Logger log, String action, Duration pause, Round round) {
    Rounds rounds = new Rounds(log, action, pause, round);
    rounds.thread.start();
    return rounds;
  }

  /** Has the next round begin now, or as soon as this one has ended. */
  void soon() {
    boolean unused = wishes.offer(true);
  }

  private void run() {
    Duration wait = pause;
    boolean failing = false;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          round.run();
          wait = pause;
          failing = false;
        } catch (InterruptException stopped) {
          return;
        } catch (KafkaException failed) {
          if (failing) {
            log.debug("Still cannot {}", action, failed);
          } else {
            log.warn("Cannot {}; trying again: {}", action, failed.getMessage());
          }
          failing = true;
          Duration longer = wait.multipliedBy(2);
          Duration longest = pause.multipliedBy(LONGEST_PAUSE_FACTOR);
          wait = longer.compareTo(longest) < 0 ? longer : longest;
        }
        Object unused = wishes.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException stopped) {
      // Closed.
    } catch (RuntimeException | Error fault) {
      log.error("Has stopped to {}", action, fault);
    }
  }

  /** Ends the round that is under way, and waits for that for 10 seconds at most. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
