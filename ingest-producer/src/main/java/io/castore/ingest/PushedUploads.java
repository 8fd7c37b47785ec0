package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.telemetry.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes contents that others push, such as the clients of a server, and has them ingested. As many
 * are read at a time as are configured; some more wait for their turn, without memory of their own.
 *
 * <p>Safe for use by many threads.
 */
public final class PushedUploads implements AutoCloseable {
  /** For each that is read, so many may wait for their turn or for their end. */
  private static final int UNDER_WAY_FOR_EACH_READ = 64;

  private final Ingester ingester;
  private final ServerLimits limits;
  private final Semaphore room;
  private final Set<PushedUpload> underWay = ConcurrentHashMap.newKeySet();

  private PushedUploads(Ingester ingester, ServerLimits limits) {
    this.ingester = ingester;
    this.limits = limits;
    room = new Semaphore(inFlight(limits));
  }

  private static int inFlight(ServerLimits limits) {
    return UNDER_WAY_FOR_EACH_READ * limits.maxUploads();
  }

  /**
   * Opens the way into the pipeline. The topics have to exist.
   *
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  public static PushedUploads open(CastoreConfig config)
      throws PipelineUnavailableException, InvalidConfigException {
    return open(config, Tracing.OFF);
  }

  /** Does the same, and follows each upload. */
  public static PushedUploads open(CastoreConfig config, Tracing tracing)
      throws PipelineUnavailableException, InvalidConfigException {
    ServerLimits limits = config.server().limits();
    CastoreConfig ofIngester =
        config.with(
            Map.of(
                "ingest.readers", Integer.toString(limits.maxUploads()),
                "ingest.uploads.in.flight", Integer.toString(inFlight(limits)),
                // What is pushed cannot be read again, so that nothing is ever referred to.
                "ingest.known.digests", "0"));
    return new PushedUploads(Ingester.open(ofIngester, tracing), limits);
  }

  /**
   * Begins an upload. It is given up where its turn to be read does not come within the time that a
   * request may take.
   *
   * @param source names it for ever, a URI
   * @param expected the digest that its content has to have
   * @return empty where as many are under way as may
   */
  public Optional<PushedUpload> begin(String source, Optional<Digest> expected) {
    if (!room.tryAcquire()) {
      return Optional.empty();
    }
    PushedUpload upload =
        new PushedUpload(source, expected, limits.maxUploadBytes(), limits.stallTimeout());
    underWay.add(upload);
    try {
      // Never waits: there is room for as many as this lets begin.
      CompletableFuture<IngestOutcome> unused =
          ingester
              .submit(upload.source())
              .whenComplete((outcome, failure) -> end(upload, outcome, failure));
    } catch (RejectedExecutionException closed) {
      end(upload, null, closed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      end(upload, null, interrupted);
    }
    CompletableFuture.delayedExecutor(limits.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .execute(upload::giveUpUnlessRead);
    return Optional.of(upload);
  }

  /** Has a registry ask for what is under way from now on, as {@code castore.ingest.*}. */
  public void tellMetrics(MeterRegistry meters) {
    ingester.tellMetrics("ingest", meters);
    Gauge.builder("castore.ingest.open.uploads", underWay::size)
        .description("Uploads over HTTP and gRPC that have not ended")
        .register(meters);
    Gauge.builder("castore.ingest.open.uploads.limit", () -> inFlight(limits))
        .description("More are turned away")
        .register(meters);
  }

  private void end(
      PushedUpload upload, @Nullable IngestOutcome outcome, @Nullable Throwable failure) {
    upload.ended(outcome, failure);
    underWay.remove(upload);
    room.release();
  }

  /**
   * Gives up all uploads whose contents are not whole, and gives back threads and memory. What is
   * whole goes on in the pipeline, unwatched.
   */
  @Override
  public void close() {
    underWay.forEach(PushedUpload::stop);
    ingester.abortAll("the service stopped");
    ingester.close();
  }
}
