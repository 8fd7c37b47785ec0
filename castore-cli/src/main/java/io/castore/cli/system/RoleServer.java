package io.castore.cli.system;

import io.castore.content.reading.CachedBlobs;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.PushedUploads;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.metrics.KafkaFigures;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.query.ServicePart;
import io.castore.query.console.ConsoleFiles;
import io.castore.query.existence.ChunkExistence;
import io.castore.query.grpc.BlobPart;
import io.castore.query.health.HealthPart;
import io.castore.query.health.MetricsPart;
import io.castore.query.health.ReadMetrics;
import io.castore.query.health.ReadinessCheck;
import io.castore.query.http.ApiDescription;
import io.castore.query.http.BlobIntake;
import io.castore.query.http.BlobPuts;
import io.castore.query.http.BlobRoutes;
import io.castore.query.http.ReadFailures;
import io.castore.query.http.StoredUploads;
import io.castore.query.now.NowPart;
import io.castore.query.server.QueryServer;
import io.castore.query.server.ServerStartException;
import io.castore.query.sharing.SharingPart;
import io.castore.query.uploads.UploadDirectory;
import io.castore.query.uploads.UploadsService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the roles of this process offer to others, on one port.
 *
 * <p>Not thread-safe, but for {@link #failure}.
 */
final class RoleServer implements AutoCloseable {
  private final CastoreConfig config;
  private final StoreHandle store;
  private final Tracing tracing;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ReadFailures readFailures = new ReadFailures(metrics);
  private final ChunkExistence existence;
  private final List<ReadinessCheck> checks = new ArrayList<>();
  private final List<ServicePart> offers = new ArrayList<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  /** What has to be closed after the server, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /**
   * Begins with nothing to offer.
   *
   * @param store belongs to the caller, who closes it after this
   * @param tracing follows uploads
   */
  RoleServer(CastoreConfig config, StoreHandle store, Tracing tracing) {
    this.config = config;
    this.tracing = tracing;
    this.store = store;
    StoreMetrics.bind(store.store(), metrics);
    existence = ChunkExistence.open(config, store.id());
    parts.push(existence);
  }

  /** Adds something without which this process is not ready. */
  void require(ReadinessCheck check) {
    checks.add(check);
  }

  /**
   * Opens what some roles offer, and starts the server.
   *
   * @return where others reach it
   * @throws ServerStartException if it cannot listen
   * @throws InvalidConfigException if its settings cannot be used
   * @throws PipelineUnavailableException if Kafka cannot be used
   */
  URI start(Set<Role> roles)
      throws ServerStartException, InvalidConfigException, PipelineUnavailableException {
    boolean reads = roles.contains(Role.QUERY);
    boolean takes = roles.contains(Role.INGEST);
    ServerLimits limits = config.server().limits();
    Optional<BlobIntake> intake = takes ? Optional.of(openIntake()) : Optional.empty();
    if (reads || takes) {
      CachedBlobs blobs = CachedBlobs.open(store.store(), config.reads());
      parts.push(blobs);
      ReadMetrics.bind(blobs, metrics);
      offers.add(new BlobPart(blobs, intake, limits, readFailures));
      if (reads) {
        offers.add(new BlobRoutes(blobs, limits, readFailures));
        offerConsole(blobs, limits);
      }
      intake.ifPresent(in -> offers.add(new StoredUploads(blobs, in, readFailures)));
    }
    intake.ifPresent(in -> offers.add(new BlobPuts(in, limits)));
    offers.add(existence);
    offers.add(new ApiDescription());
    offers.add(new HealthPart(checks, reads || takes ? BlobPart.SERVICES : List.of()));
    offers.add(new MetricsPart(metrics));
    QueryServer server = QueryServer.start(config.server(), metrics, offers);
    parts.push(server);
    return server.url();
  }

  private BlobIntake openIntake() throws PipelineUnavailableException, InvalidConfigException {
    PushedUploads uploads = PushedUploads.open(config, tracing);
    parts.push(uploads);
    uploads.tellMetrics(metrics);
    return BlobIntake.into(uploads);
  }

  private void offerConsole(CachedBlobs blobs, ServerLimits limits) {
    UploadDirectory uploads = openUploads();
    offers.add(new UploadsService(uploads, limits));
    offers.add(new SharingPart(blobs, uploads, readFailures));
    NowPart now = NowPart.open(config, store.id(), uploads);
    parts.push(now);
    offers.add(now);
    offers.add(new ConsoleFiles());
  }

  private UploadDirectory openUploads() {
    UploadDirectory uploads = UploadDirectory.start(config, store.id());
    parts.push(uploads);
    KafkaFigures.ofConsumer(Role.QUERY.toString(), uploads::metrics, metrics);
    CompletableFuture<Void> unused = uploads.failure().thenAccept(failure::complete);
    require(
        ReadinessCheck.of(
            "uploads",
            () ->
                uploads.isReady()
                    ? Optional.empty()
                    : Optional.of("the status of uploads is being read")));
    return uploads;
  }

  /** Where it is answered which chunks are known. */
  ChunkExistence existence() {
    return existence;
  }

  /** Takes what this process tells of itself; figures are told among the server's own. */
  Telemetry telemetry() {
    return new Telemetry(metrics, tracing);
  }

  /** Is completed with the reason, should a part of it end by itself. */
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Stops the server, and then what it offers. */
  @Override
  public void close() {
    ClosingOrder.closeAll(parts);
  }
}
