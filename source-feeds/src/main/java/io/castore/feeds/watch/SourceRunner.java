package io.castore.feeds.watch;

import io.castore.feeds.KnownSources;
import io.castore.feeds.Pace;
import io.castore.feeds.SourceFault;
import io.castore.feeds.SourceIntake;
import io.castore.feeds.SourceOrder;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.Source;
import io.castore.pipeline.config.WatchSettings;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests sources, many at a time and those of one name one after the other, and tries again where
 * that can help. What cannot be helped by trying again, and is no source's fault, ends it all.
 *
 * <p>Safe for use by many threads.
 */
final class SourceRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SourceRunner.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final SourceIntake intake;
  private final KnownSources known;
  private final int attempts;
  private final Pace pace;
  private final Semaphore room;
  private final int most;
  private final Consumer<Throwable> onFatal;
  private final IntervalFunction pauses =
      IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 2.0, 0.5, LONGEST_PAUSE);
  private final SourceOrder order = new SourceOrder();

  /** The one thread that begins sources, and may wait for that. */
  private final ScheduledExecutorService begins =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "watch-begin");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Makes one.
   *
   * @param onFatal told when nothing can be ingested any more
   */
  SourceRunner(
      SourceIntake intake,
      KnownSources known,
      WatchSettings settings,
      Consumer<Throwable> onFatal) {
    this.intake = intake;
    this.known = known;
    this.attempts = settings.attempts();
    this.pace = Pace.of(settings.perSecond());
    this.most = settings.concurrency();
    this.room = new Semaphore(most);
    this.onFatal = onFatal;
  }

  /** A source on its way. */
  private record Task(WatchedSource source, CompletableFuture<WatchResult> result) {}

  /** Takes room for a source, if there is some. */
  boolean tryRoom() {
    return room.tryAcquire();
  }

  /** Takes room for a source, after waiting for it. */
  void awaitRoom() throws InterruptedException {
    room.acquire();
  }

  /** Tells how many sources are under way. */
  int inFlight() {
    return most - room.availablePermits();
  }

  /** Ingests a source for which room was taken, which is given back at its end. */
  CompletableFuture<WatchResult> run(WatchedSource source) {
    Task task = new Task(source, new CompletableFuture<>());
    order.begin(source.name(), () -> soon(() -> attempt(task, 1), Duration.ZERO));
    return task.result();
  }

  private void soon(Runnable work, Duration pause) {
    try {
      Future<?> unused =
          begins.schedule(() -> guard(work), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("Closed before the end", closed);
    }
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException fault) {
      if (!begins.isShutdown()) {
        onFatal.accept(fault);
      }
    }
  }

  private void attempt(Task task, int attempt) {
    try {
      if (task.source().isDone(known)) {
        end(task, new WatchResult.Skipped());
        return;
      }
      pace.await(1);
      Source source = task.source().source();
      CompletableFuture<IngestOutcome> unused =
          intake
              .submit(source)
              .whenComplete(
                  (outcome, failure) ->
                      soon(() -> ended(task, source, attempt, outcome, failure), Duration.ZERO));
    } catch (IOException unknown) {
      again(task, attempt, SourceFault.TEMPORARY, String.valueOf(unknown.getMessage()), null);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void ended(
      Task task,
      Source source,
      int attempt,
      @Nullable IngestOutcome outcome,
      @Nullable Throwable failure) {
    if (failure != null) {
      again(task, attempt, SourceFault.TEMPORARY, String.valueOf(failure.getMessage()), failure);
    } else if (outcome instanceof IngestOutcome.Complete blob) {
      source.version().ifPresent(version -> known.complete(source.name(), version, blob.digest()));
      end(task, new WatchResult.Ingested(blob.size()));
    } else if (outcome instanceof IngestOutcome.Failed failed) {
      SourceFault fault = task.source().fault();
      switch (fault) {
        case VANISHED, DENIED -> end(task, new WatchResult.Failed(fault, failed.reason()));
        case REFUSED ->
            again(task, attempt, fault, failed.reason(), new IOException(failed.reason()));
        case TEMPORARY -> again(task, attempt, fault, failed.reason(), null);
      }
    }
  }

  /**
   * Tries again, or gives up.
   *
   * @param fatal what ends it all if it stays; null where only this source is given up
   */
  private void again(
      Task task, int attempt, SourceFault fault, String reason, @Nullable Throwable fatal) {
    if (attempt < attempts) {
      Duration pause = Duration.ofMillis(pauses.apply(attempt));
      log.warn(
          "{}: attempt {} of {} failed ({}), the next in {} ms",
          task.source().name(),
          attempt,
          attempts,
          reason,
          pause.toMillis());
      soon(() -> attempt(task, attempt + 1), pause);
    } else if (fatal != null) {
      onFatal.accept(fatal);
    } else {
      end(task, new WatchResult.Failed(fault, "%s (%d attempts)".formatted(reason, attempts)));
    }
  }

  private void end(Task task, WatchResult result) {
    room.release();
    task.result().complete(result);
    order.end(task.source().name());
  }

  /** Begins nothing more. What is under way is not waited for, and nothing is told of it. */
  @Override
  public void close() {
    begins.shutdownNow();
  }
}
