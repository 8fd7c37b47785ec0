package io.castore.feeds.watch;

import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.KnownSources;
import io.castore.feeds.SourceIntake;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.WatchSettings;
import io.castore.pipeline.metrics.ServiceMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role {@code watch}: follows a topic of bucket notifications, and looks after directories, and
 * ingests what they tell of. Any number of processes share the events of a topic; the directories
 * are each process's own.
 *
 * <p>Safe for use by many threads.
 */
public final class WatchService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WatchService.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);
  private static final Duration RESCAN = Duration.ofSeconds(30);
  private static final String GAUGES = "watch";

  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final WatchCounters counters = new WatchCounters();

  /** What has to be closed, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private @Nullable SourceRunner runner;

  private WatchService() {}

  /**
   * Starts. The topics of the pipeline have to exist; a topic of notifications that does not is
   * made.
   *
   * @param config says what is followed (see {@link WatchSettings#isAny}), and how much at a time
   * @param intake takes the sources; belongs to the caller, who closes it after this
   * @param ownDirectories directories that are never looked after, such as the store's
   * @throws IOException if a directory cannot be used
   * @throws KafkaException if Kafka cannot be used
   */
  public static WatchService start(
      CastoreConfig config, SourceIntake intake, List<Path> ownDirectories)
      throws IOException, InterruptedException {
    WatchService service = new WatchService();
    try {
      service.open(config, intake, ownDirectories);
      return service;
    } catch (IOException | InterruptedException | RuntimeException unusable) {
      service.close();
      throw unusable;
    }
  }

  private void open(CastoreConfig config, SourceIntake intake, List<Path> ownDirectories)
      throws IOException, InterruptedException {
    WatchSettings settings = config.watch();
    S3Buckets service = S3Buckets.open(config.sourceS3());
    parts.push(service);
    KnownSources known = KnownSources.read(config, config.stateDir().resolve("scratch"));
    parts.push(known);
    parts.push(refreshing(known)::shutdownNow);
    EventDeadLetters deadLetters = EventDeadLetters.open(config);
    parts.push(deadLetters);
    SourceRunner runs = new SourceRunner(intake, known, settings, this::fail);
    runner = runs;
    parts.push(runs);
    if (settings.topic().isPresent()) {
      String topic = settings.topic().get();
      NotificationTopic.require(config, topic);
      parts.push(
          NotificationFollower.start(
              config, topic, service, runs, deadLetters, counters, this::fail));
    }
    if (!settings.directories().isEmpty()) {
      parts.push(
          DirectoryFollower.start(
              settings, ownDirectories, known, runs, counters, RESCAN, this::fail));
    }
  }

  private static ScheduledExecutorService refreshing(KnownSources known) {
    ScheduledExecutorService refreshing =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watch-refresh");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        refreshing.scheduleWithFixedDelay(
            () -> refresh(known), REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    return refreshing;
  }

  private static void refresh(KnownSources known) {
    try {
      known.refresh();
    } catch (IOException | RuntimeException later) {
      // What is not known to be there is read once more, which does no harm.
      log.warn("What is in the store already could not be read: {}", later.getMessage());
    }
  }

  private void fail(Throwable cause) {
    if (failure.complete(cause)) {
      log.error("The watch cannot go on: {}", cause.getMessage());
    }
  }

  /**
   * Is completed with the reason, should this end by itself: no source could be given to the
   * pipeline, or be had from the S3 service, as often as was tried.
   */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Tells what was done so far. */
  public WatchProgress progress() {
    SourceRunner runs = runner;
    return counters.progress(runs == null ? 0 : runs.inFlight());
  }

  /** Tells its figures, too. */
  public void tellMetrics(ServiceMetrics to) {
    counter(to, "events", "records of the topic that were taken", WatchProgress::events);
    counter(to, "ingested", "objects and files that were ingested", WatchProgress::ingested);
    counter(to, "ingested-bytes", "their length", WatchProgress::bytes);
    counter(to, "skipped", "objects and files that were there as they are", WatchProgress::skipped);
    counter(to, "vanished", "objects and files that were gone", WatchProgress::vanished);
    counter(to, "denied", "objects and files that are not given to us", WatchProgress::denied);
    counter(to, "malformed", "records that are no notifications", WatchProgress::malformed);
    counter(
        to, "failed", "objects and files that failed as often as is tried", WatchProgress::failed);
    counter(to, "dead-letters", "records written to the dead letters", WatchProgress::deadLetters);
    gauge(to, "in-flight", "objects and files that are under way", WatchProgress::inFlight);
    gauge(to, "lag", "records of the topic that are not done with", WatchProgress::lag);
  }

  private void counter(
      ServiceMetrics to, String name, String description, ToLongFunction<WatchProgress> figure) {
    to.counter(GAUGES, name, description, () -> figure.applyAsLong(progress()));
  }

  private void gauge(
      ServiceMetrics to, String name, String description, ToLongFunction<WatchProgress> figure) {
    to.gauge(GAUGES, name, description, () -> figure.applyAsLong(progress()));
  }

  /**
   * Commits what is done with, and ends. What is under way is not waited for: it comes again. A
   * second call does nothing.
   */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        log.warn("A part of the watch cannot be closed: {}", failed.getMessage());
      }
    }
  }
}
