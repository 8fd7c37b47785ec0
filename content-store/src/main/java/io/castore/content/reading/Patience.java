package io.castore.content.reading;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Bounds what readers wait for. Safe for use by many threads. */
final class Patience implements AutoCloseable {
  private final Duration patience;
  private final ScheduledThreadPoolExecutor timer;
  private final LongAdder timeouts = new LongAdder();

  Patience(Duration patience) {
    this.patience = patience;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "read-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Gives the answer to a question, or a failure where it does not come in time. */
  <T> CompletableFuture<Optional<T>> await(SharedLoads<?, T>.Ask ask, String what) {
    CompletableFuture<Optional<T>> answer = ask.answer();
    if (!answer.isDone()) {
      Future<?> timeout =
          whenOver(
              () -> {
                ask.leave();
                answer.completeExceptionally(overFor(what));
              });
      var unused = answer.whenComplete((value, failure) -> timeout.cancel(false));
    }
    return answer;
  }

  /** Does this on the timer's thread when the patience is over, unless it is cancelled before. */
  Future<?> whenOver(Runnable action) {
    try {
      return timer.schedule(action, patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      action.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Gives the failure of what was not read in time. */
  ReadTimeoutException overFor(String what) {
    timeouts.increment();
    return new ReadTimeoutException(
        "%s: not read within %d ms (expected: sooner; too much is read at once, or the store is slow)"
            .formatted(what, patience.toMillis()));
  }

  long timeouts() {
    return timeouts.sum();
  }

  /** Takes no more. What waits already is given up when its time has come. */
  @Override
  public void close() {
    timer.shutdown();
  }
}
