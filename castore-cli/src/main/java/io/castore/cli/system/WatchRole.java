package io.castore.cli.system;

import io.castore.feeds.watch.WatchService;
import io.castore.ingest.Ingester;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.metrics.ServiceMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The role {@code watch}, and what it works with. Not thread-safe, but for {@link #failure}. */
final class WatchRole implements AutoCloseable {
  private static final String STOPPED = "the service stopped";

  private final WatchService watch;

  /** What has to be closed, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private WatchRole(
      CastoreConfig config, Ingester ingester, List<Path> ownDirectories, MeterRegistry meters)
      throws IOException, InterruptedException {
    parts.push(
        () -> {
          ingester.abortAll(STOPPED);
          ingester.close();
        });
    try {
      watch = WatchService.start(config, ingester::submit, ownDirectories);
    } catch (IOException | InterruptedException | RuntimeException unusable) {
      close();
      throw unusable;
    }
    parts.push(watch);
    ingester.tellMetrics(Role.WATCH.toString(), meters);
    ServiceMetrics metrics = new ServiceMetrics(meters);
    parts.push(metrics);
    watch.tellMetrics(metrics);
    ServiceBeacon beacon = ServiceBeacon.start(config, Role.WATCH.toString());
    parts.push(beacon);
    beacon.running();
  }

  /**
   * Starts it.
   *
   * @param ingester closed with this
   * @param ownDirectories directories that are never looked after
   * @param meters is told its figures
   */
  static WatchRole start(
      CastoreConfig config, Ingester ingester, List<Path> ownDirectories, MeterRegistry meters)
      throws IOException, InterruptedException {
    return new WatchRole(config, ingester, ownDirectories, meters);
  }

  /** Is completed with the reason, should it end by itself. */
  CompletableFuture<Throwable> failure() {
    return watch.failure();
  }

  @Override
  public void close() {
    ClosingOrder.closeAll(parts);
  }
}
