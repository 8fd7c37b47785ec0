package io.castore.benchmarks.query;

import io.castore.content.objectstore.ObjectReader;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerSettings;
import io.castore.query.grpc.BlobPart;
import io.castore.query.http.BlobRoutes;
import io.castore.query.http.ReadFailures;
import io.castore.query.server.QueryServer;
import io.castore.query.server.ServerStartException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The service as it is measured: it reads, and no more. */
final class Service implements AutoCloseable {
  private final CachedBlobs blobs;
  private final QueryServer server;

  private Service(CachedBlobs blobs, QueryServer server) {
    this.blobs = blobs;
    this.server = server;
  }

  /** Starts it with as much memory for cached chunks. */
  static Service start(ObjectReader store, long chunkCacheBytes)
      throws InvalidConfigException, ServerStartException {
    CastoreConfig config =
        CastoreConfig.of(
            Map.of("server.port", "0", "query.chunk.cache.bytes", Long.toString(chunkCacheBytes)));
    ServerSettings settings = config.server();
    MeterRegistry metrics = new SimpleMeterRegistry();
    CachedBlobs blobs = CachedBlobs.open(store, config.reads());
    ReadFailures failures = new ReadFailures(metrics);
    QueryServer server =
        QueryServer.start(
            settings,
            metrics,
            List.of(
                new BlobRoutes(blobs, settings.limits(), failures),
                new BlobPart(blobs, Optional.empty(), settings.limits(), failures)));
    return new Service(blobs, server);
  }

  URI url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
    blobs.close();
  }
}
