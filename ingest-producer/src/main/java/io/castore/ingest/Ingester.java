package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests sources: reads them, sends their chunks through Kafka, and waits until each blob is
 * readable. Many sources are in flight at once, in bounded memory, whatever their number and sizes.
 *
 * <p>Safe for use by many threads.
 */
public final class Ingester implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ingester.class);
  private static final int READS_OF_A_CHANGING_SOURCE = 3;
  private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(10);

  private final Topics topics;
  private final Duration stallTimeout;
  private final RecordSender sender;
  private final UploadStatusListener listener;
  private final UploadsInFlight uploads = new UploadsInFlight();
  private final Semaphore room;
  private final BlockingQueue<SourceReader> idleReaders;
  private final ExecutorService readers;
  private final ExecutorService chunkHelpers;
  private final ScheduledExecutorService watch;
  private volatile @Nullable String abortReason;

  private final IngestCounters counters = new IngestCounters();

  private Ingester(CastoreConfig config) {
    topics = config.topics();
    stallTimeout = config.ingestStallTimeout();
    room = new Semaphore(config.ingestUploadsInFlight());
    int helperCount = Runtime.getRuntime().availableProcessors() - 1;
    chunkHelpers = Executors.newFixedThreadPool(Math.max(1, helperCount), named("chunk-helper"));
    idleReaders = new ArrayBlockingQueue<>(config.ingestReaders());
    for (int i = 0; i < config.ingestReaders(); i++) {
      idleReaders.add(
          new SourceReader(config.chunkSizes(), config.zstdLevel(), chunkHelpers, helperCount));
    }
    readers = Executors.newFixedThreadPool(config.ingestReaders(), named("source-reader"));
    watch = Executors.newSingleThreadScheduledExecutor(named("ingest-watch"));
    sender = RecordSender.open(config);
    try {
      listener = UploadStatusListener.open(config, uploads::heard, this::loseAll);
    } catch (RuntimeException unreachable) {
      sender.close(Duration.ZERO);
      throw unreachable;
    }
  }

  /**
   * Opens an ingester. The topics have to exist.
   *
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  public static Ingester open(CastoreConfig config) throws PipelineUnavailableException {
    try {
      Ingester ingester = new Ingester(config);
      ScheduledFuture<?> unused =
          ingester.watch.scheduleWithFixedDelay(ingester::checkForStall, 1, 1, TimeUnit.SECONDS);
      return ingester;
    } catch (KafkaException unreachable) {
      throw new PipelineUnavailableException(
          "Kafka cannot be used: " + unreachable.getMessage(), unreachable);
    }
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
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
      readers.execute(() -> ingest(source, outcome));
    } catch (RejectedExecutionException closed) {
      room.release();
      throw closed;
    }
    return counted;
  }

  /** Tells how far this has come. */
  public IngestProgress progress() {
    return counters.progress();
  }

  private void ingest(Source source, CompletableFuture<IngestOutcome> outcome) {
    SourceReader reader = idleReaders.remove();
    try {
      int reads = source.canReadAgain() ? READS_OF_A_CHANGING_SOURCE : 1;
      for (int read = 1; !upload(source, reader, outcome, read == reads); read++) {
        log.debug("{} changed while it was read; reading it again", source.name());
      }
    } catch (KafkaException | IllegalStateException unsendable) {
      giveUp(outcome, unsendable);
    } catch (RuntimeException | Error fault) {
      outcome.completeExceptionally(fault);
    } finally {
      idleReaders.add(reader);
    }
  }

  /** Ends what could not be sent. After {@link #abortAll} has closed the producer that is all. */
  private void giveUp(CompletableFuture<IngestOutcome> outcome, RuntimeException unsendable) {
    String aborting = abortReason;
    if (aborting == null) {
      outcome.completeExceptionally(unavailable(unsendable));
    } else {
      outcome.complete(new IngestOutcome.Failed(aborting));
    }
  }

  /**
   * Reads a source once, as one upload.
   *
   * @return whether that was its end; false where it changed meanwhile and can be read again
   */
  private boolean upload(
      Source source,
      SourceReader reader,
      CompletableFuture<IngestOutcome> outcome,
      boolean lastTry) {
    String aborting = abortReason;
    if (aborting != null) {
      return fail(outcome, aborting);
    }
    UploadId id = UploadId.random();
    try (InputStream in = source.open()) {
      uploads.begin(id, new UploadWait(id, outcome, counters));
      requireNotAborted();
      sendEvent(id, opened(source));
      UploadEvent.Sealed content = reader.read(in, id, this::sendChunk);
      source.checkUnchanged(content.getSize());
      sendEvent(id, UploadEvent.newBuilder().setSealed(content).build());
    } catch (SourceChangedException changed) {
      abort(id, reason(changed));
      return lastTry && fail(outcome, reason(changed));
    } catch (IOException unreadable) {
      abort(id, reason(unreadable));
      return fail(outcome, reason(unreadable));
    }
    return true;
  }

  private void requireNotAborted() throws IOException {
    String reason = abortReason;
    if (reason != null) {
      throw new IOException(reason);
    }
  }

  private static boolean fail(CompletableFuture<IngestOutcome> outcome, String reason) {
    outcome.complete(new IngestOutcome.Failed(reason));
    return true;
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static UploadEvent opened(Source source) {
    return UploadEvent.newBuilder()
        .setOpened(
            UploadEvent.Opened.newBuilder()
                .setSource(source.name())
                .setOpenedAtMs(System.currentTimeMillis()))
        .build();
  }

  private void sendEvent(UploadId id, UploadEvent event) {
    sender.send(topics.uploads(), id, event, this::acknowledged);
  }

  private void sendChunk(Digest digest, ChunkRecord chunk) throws IOException {
    requireNotAborted();
    sender.send(topics.chunks(), digest, chunk, this::acknowledged);
    counters.read(chunk.getRawSize());
  }

  /** Runs on the producer's own thread, which must not wait for what it does itself. */
  private void acknowledged(@Nullable RecordMetadata at, @Nullable Exception failure) {
    if (failure == null) {
      uploads.heard();
    } else {
      watch.execute(() -> loseAll(new KafkaException(failure.getMessage(), failure)));
    }
  }

  /** Gives up an upload whose reading went wrong, if it had begun. */
  private void abort(UploadId id, String reason) {
    if (!uploads.isAwaited(id)) {
      return;
    }
    try {
      sendAborted(id, reason);
    } finally {
      // Not before: what is awaited is told to Kafka by abortAll, too, before it closes the sender.
      uploads.forget(id);
    }
  }

  private void sendAborted(UploadId id, String reason) {
    sendEvent(
        id,
        UploadEvent.newBuilder()
            .setAborted(UploadEvent.Aborted.newBuilder().setReason(reason))
            .build());
  }

  private void loseAll(RuntimeException failure) {
    PipelineUnavailableException unused = unavailable(failure);
  }

  private PipelineUnavailableException unavailable(RuntimeException failure) {
    log.debug("Kafka cannot be used", failure);
    PipelineUnavailableException unavailable =
        new PipelineUnavailableException("Kafka cannot be used: " + failure.getMessage(), failure);
    uploads.loseAll(unavailable);
    return unavailable;
  }

  /**
   * A source that is still being read may be slow by itself; what was read to its end must go on.
   */
  private void checkForStall() {
    if (idleReaders.remainingCapacity() > 0) {
      uploads.heard();
      return;
    }
    if (uploads.silence().compareTo(stallTimeout) > 0) {
      uploads.loseAll(
          new PipelineUnavailableException(
              "nothing was heard of the pipeline for %d s while %d uploads await their end: is a chunker running, and an indexer?"
                  .formatted(stallTimeout.toSeconds(), uploads.ids().size()),
              null));
    }
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
    abortReason = reason;
    readers.shutdown();
    long startNanos = System.nanoTime();
    // On another thread, since sending waits as long as the buffer is full.
    Future<?> told = watch.submit(() -> uploads.ids().forEach(id -> sendAborted(id, reason)));
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
    sender.close(left.isNegative() ? Duration.ZERO : left);
  }

  /**
   * Gives back threads and memory. What has not ended by now goes on in the pipeline, unwatched.
   */
  @Override
  public void close() {
    readers.shutdownNow();
    chunkHelpers.shutdownNow();
    listener.close();
    sender.close();
    watch.shutdownNow();
  }
}
