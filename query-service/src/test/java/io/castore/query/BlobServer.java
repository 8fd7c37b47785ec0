package io.castore.query;

import io.castore.content.reading.CachedBlobs;
import io.castore.content.reading.ReadLimits;
import io.castore.pipeline.config.ServerSettings;
import io.castore.query.console.ConsoleFiles;
import io.castore.query.grpc.BlobPart;
import io.castore.query.health.HealthPart;
import io.castore.query.health.MetricsPart;
import io.castore.query.health.ReadinessCheck;
import io.castore.query.http.BlobRoutes;
import io.castore.query.http.ReadFailures;
import io.castore.query.http.StoredUploads;
import io.castore.query.server.QueryServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole server over a store in memory. */
public final class BlobServer implements AutoCloseable {
  private static final ReadLimits READS =
      new ReadLimits(16 << 20, 16 << 20, 16 << 20, 2, 4, Duration.ofSeconds(10));

  private final StoredContent store = new StoredContent();
  private final ReceivedBodies bodies = new ReceivedBodies(store);
  private final CachedBlobs blobs = CachedBlobs.open(store.objects(), READS);
  private final QueryServer server;

  private BlobServer(ServerSettings settings, List<ReadinessCheck> checks) throws Exception {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ReadFailures failures = new ReadFailures(metrics);
    server =
        QueryServer.start(
            settings,
            metrics,
            List.of(
                new BlobPart(blobs, Optional.of(bodies), settings.limits(), failures),
                new BlobRoutes(blobs, settings.limits(), failures),
                new StoredUploads(blobs, bodies, failures),
                new ConsoleFiles(),
                new HealthPart(checks, BlobPart.SERVICES),
                new MetricsPart(metrics)));
  }

  /** Starts one. */
  public static BlobServer start(ServerSettings settings, ReadinessCheck... checks)
      throws Exception {
    return new BlobServer(settings, List.of(checks));
  }

  public StoredContent store() {
    return store;
  }

  public ReceivedBodies bodies() {
    return bodies;
  }

  public int port() {
    return server.port();
  }

  /** Gives where a path is. */
  public URI at(String path) {
    return URI.create(server.url() + path);
  }

  @Override
  public void close() {
    server.close();
    blobs.close();
  }
}
