package io.castore.ingest;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.metrics.KafkaFigures;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests sources: reads them, sends their chunks through Kafka, and waits until each blob is
 * readable. Many sources are in flight at once, in bounded memory, whatever their number and sizes.
 * While more waits in Kafka to be stored than is configured, it reads no further.
 *
 * <p>Safe for use by many threads.
 */
public final class Ingester implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ingester.class);
  private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(10);

  private final Semaphore room;
  private final UploadsInFlight uploads = new UploadsInFlight();
  private final IngestCounters counters = new IngestCounters();
  private final PausedServices services = new PausedServices(System::nanoTime);
  private final KnownDigests known;
  private final ReaderPool readers;
  private final ExecutorService sealing =
      Executors.newSingleThreadExecutor(DaemonThreads.named("upload-seals"));
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ingest-watch"));
  private final BacklogSource backlog;
  private final RecordSender producer;
  private final UploadWriter writer;
  private final UploadSender sender;
  private final Uploader uploader;
  private final StallWatch stalls;
  private final PipelineListener listener;

  private Ingester(
      CastoreConfig config, BacklogSource backlog, Optional<KnownChunks> lookup, Tracing tracing) {
    this.backlog = backlog;
    room = new Semaphore(config.ingestUploadsInFlight());
    known = new KnownDigests(config.ingestKnownDigests());
    readers = new ReaderPool(config);
    producer = RecordSender.open(config);
    writer =
        new UploadWriter(
            config.topics(), producer, uploads::heard, known::forget, this::loseAllAfterwards);
    BacklogGate gate = new BacklogGate(config.ingestBacklogBytes(), backlog);
    sender = new UploadSender(uploads, writer, gate, this::loseAll);
    Resender resender = new Resender(sender, readers);
    ReferableChunks referable =
        new ReferableChunks(known, lookup, ReferableChunks.PATIENCE, System::nanoTime);
    uploader = new Uploader(sender, referable, tracing, counters, sealing, resender::sendSoon);
    stalls = new StallWatch(config.ingestStallTimeout(), uploads, readers, gate, services);
    try {
      listener = PipelineListener.open(config, followers(config), this::loseAll);
    } catch (RuntimeException unreachable) {
      producer.close(Duration.ZERO);
      throw unreachable;
    }
  }

  /**
   * Opens an ingester. The topics have to exist.
   *
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  public static Ingester open(CastoreConfig config) throws PipelineUnavailableException {
    return open(config, Tracing.OFF);
  }

  /** Does the same, and follows each upload. */
  static Ingester open(CastoreConfig config, Tracing tracing) throws PipelineUnavailableException {
    return open(config, ChunkerBacklog.watch(config), Optional.empty(), tracing);
  }

  /**
   * Opens an ingester that asks which chunks are known, and refers to these where their source can
   * be read again. The topics have to exist.
   *
   * @param lookup need not be right nor quick; belongs to the caller, who closes it afterwards
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  public static Ingester open(CastoreConfig config, KnownChunks lookup)
      throws PipelineUnavailableException {
    return open(config, lookup, Tracing.OFF);
  }

  /** Does the same, and follows each upload. */
  public static Ingester open(CastoreConfig config, KnownChunks lookup, Tracing tracing)
      throws PipelineUnavailableException {
    return open(config, ChunkerBacklog.watch(config), Optional.of(lookup), tracing);
  }

  /** Opens an ingester that is told the backlog by a source, which it closes. */
  static Ingester open(CastoreConfig config, BacklogSource backlog, Optional<KnownChunks> lookup)
      throws PipelineUnavailableException {
    return open(config, backlog, lookup, Tracing.OFF);
  }

  private static Ingester open(
      CastoreConfig config, BacklogSource backlog, Optional<KnownChunks> lookup, Tracing tracing)
      throws PipelineUnavailableException {
    try {
      Ingester ingester = new Ingester(config, backlog, lookup, tracing);
      ScheduledFuture<?> unused =
          ingester.watch.scheduleWithFixedDelay(ingester.stalls::check, 1, 1, TimeUnit.SECONDS);
      return ingester;
    } catch (KafkaException unreachable) {
      backlog.close();
      throw PipelineUnavailableException.of(unreachable);
    }
  }

  private List<TopicFollower<?, ?>> followers(CastoreConfig config) {
    Topics topics = config.topics();
    List<TopicFollower<?, ?>> followers = new ArrayList<>();
    followers.add(new TopicFollower<>(topics.uploadStatus(), uploads::heard));
    followers.add(
        new TopicFollower<>(
            topics.chunkRequests(), (id, request) -> uploads.requested(id, request.getSeqsList())));
    followers.add(new TopicFollower<>(topics.services(), services::heard));
    // There are many of them.
    if (config.ingestKnownDigests() > 0) {
      followers.add(new TopicFollower<>(topics.chunkReceipts(), this::heard));
    }
    return followers;
  }

  private void heard(UploadId id, ChunkReceipt receipt) {
    uploads.heard(id);
    known.heard(receipt);
  }

  /**
   * Takes a source, after waiting until there is room for one more.
   *
   * @return completed with the outcome, or exceptionally with a {@link
   *     PipelineUnavailableException}
   * @throws RejectedExecutionException if this was closed or told to abort
   */
  public CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException {
    room.acquire();
    CompletableFuture<IngestOutcome> outcome = new CompletableFuture<>();
    CompletableFuture<IngestOutcome> counted =
        outcome.whenComplete(
            (ended, failure) -> {
              room.release();
              counters.end(ended);
            });
    try {
      readers.execute(reader -> uploader.ingest(source, reader, outcome));
    } catch (RejectedExecutionException closed) {
      room.release();
      throw closed;
    }
    return counted;
  }

  /** Tells how far this has come. */
  public IngestProgress progress() {
    return counters.progress(stalls.waitsFor());
  }

  /**
   * Has a registry ask how far this has come from now on, as {@code castore.ingest.*}.
   *
   * @param role who uses it
   */
  public void tellMetrics(String role, MeterRegistry meters) {
    Tags tags = Tags.of("role", role);
    counter("read.bytes", "Bytes that were read", tags, IngestProgress::bytesRead, meters);
    String sources = "Sources that came to an end";
    counter("sources", sources, tags.and("outcome", "complete"), IngestProgress::complete, meters);
    counter("sources", sources, tags.and("outcome", "failed"), IngestProgress::failed, meters);
    Gauge.builder("castore.ingest.waiting", () -> progress().waitsFor() == null ? 0 : 1)
        .description("1 while it sends nothing, since the pipeline does not keep up or waits")
        .tags(tags)
        .register(meters);
    KafkaFigures.ofProducer(role, producer::metrics, meters);
  }

  private void counter(
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<IngestProgress> figure,
      MeterRegistry meters) {
    FunctionCounter.builder(
            "castore.ingest." + name, this, ingester -> figure.applyAsDouble(ingester.progress()))
        .description(description)
        .tags(tags)
        .register(meters);
  }

  /** Runs on the producer's own thread, which must not wait for what it does itself. */
  private void loseAllAfterwards(Exception failure) {
    watch.execute(() -> loseAll(new KafkaException(failure.getMessage(), failure)));
  }

  private void loseAll(RuntimeException failure) {
    log.debug("Kafka cannot be used", failure);
    uploads.loseAll(PipelineUnavailableException.of(failure));
  }

  /** Waits for no upload any more, since the pipeline is known to be gone. */
  public void giveUp(String reason) {
    uploads.loseAll(new PipelineUnavailableException(reason, null));
  }

  /**
   * Gives up every upload that has not ended, and takes no more. Nothing of them is published,
   * unless the pipeline was quicker. Waits, for at most ten seconds, until Kafka knows.
   *
   * @param reason for people who look at the uploads
   */
  public void abortAll(String reason) {
    sender.stop(reason);
    readers.shutdown();
    long startNanos = System.nanoTime();
    // On another thread, since sending waits as long as the buffer is full.
    Future<?> told = watch.submit(() -> uploads.ids().forEach(id -> writer.aborted(id, reason)));
    try {
      told.get(ABORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException untold) {
      log.debug("Kafka was not told that uploads are aborted", untold);
    }
    uploads.endAll(
        UploadStatus.newBuilder().setState(UploadStatus.State.ABORTED).setReason(reason).build());
    Duration left = ABORT_TIMEOUT.minusNanos(System.nanoTime() - startNanos);
    producer.close(left.isNegative() ? Duration.ZERO : left);
  }

  /**
   * Gives back threads and memory. What was read to its end by now, and has come to Kafka, goes on
   * in the pipeline, unwatched.
   */
  @Override
  public void close() {
    readers.close();
    listener.close();
    producer.close();
    sealing.shutdownNow();
    watch.shutdownNow();
    backlog.close();
  }
}
