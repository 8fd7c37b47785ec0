package io.castore.cli.command;

import io.castore.blobs.BlobUpload;
import io.castore.blobs.RemoteBlobs;
import io.castore.blobs.ServiceErrorException;
import io.castore.blobs.ServiceUnavailableException;
import io.castore.blobs.StoredBlob;
import io.castore.cli.files.Found;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.ingest.SourceChangedException;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Ingests by way of a service. What can be read again is digested first, and sent only where the
 * service does not have it; the digest goes along, so that nothing else is stored in its place. Of
 * what it has, the service makes an upload by itself.
 */
final class ServerIngest implements FileIngest {
  private static final int READS_OF_A_CHANGING_SOURCE = 3;
  private static final int COPY_BYTES = 256 << 10;

  private final RemoteBlobs blobs;
  private final Path dataDir;
  private final ExecutorService readers;
  private final Semaphore room;
  private final ServiceWait wait;
  private final ServerIngestCounters counters = new ServerIngestCounters();
  private volatile @Nullable String stopReason;

  private ServerIngest(RemoteBlobs blobs, CastoreConfig config) {
    this.blobs = blobs;
    dataDir = config.dataDir();
    wait = new ServiceWait(config.ingestStallTimeout());
    room = new Semaphore(config.ingestUploadsInFlight());
    readers =
        Executors.newFixedThreadPool(
            config.ingestReaders(),
            task -> {
              Thread thread = new Thread(task, "source-reader");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Makes a client of a service. Throws what {@link Server#connect} does. */
  static ServerIngest open(Server server) throws IOException, InvalidConfigException {
    return new ServerIngest(server.connect(), server.config());
  }

  /** The log is not at hand, so each file is read, to be asked for by its digest. */
  @Override
  public boolean knowsUnchanged() {
    return true;
  }

  @Override
  public Optional<SourceEntry> findUnchanged(Found.RegularFile file) {
    return Optional.empty();
  }

  @Override
  public CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException {
    room.acquire();
    CompletableFuture<IngestOutcome> outcome = new CompletableFuture<>();
    try {
      readers.execute(() -> ingest(source, outcome));
    } catch (RejectedExecutionException closed) {
      room.release();
      throw closed;
    }
    return outcome;
  }

  private void ingest(Source source, CompletableFuture<IngestOutcome> outcome) {
    try {
      IngestOutcome how = ingest(source);
      if (how instanceof IngestOutcome.Failed) {
        counters.failed();
      }
      outcome.complete(how);
    } catch (PipelineUnavailableException | RuntimeException | Error failed) {
      counters.failed();
      outcome.completeExceptionally(failed);
    } finally {
      room.release();
    }
  }

  /** Reads a source, and again where it changed meanwhile. */
  private IngestOutcome ingest(Source source) throws PipelineUnavailableException {
    int reads = source.canReadAgain() ? READS_OF_A_CHANGING_SOURCE : 1;
    String reason = "";
    for (int read = 0; read < reads; read++) {
      try {
        return ingestWhenTaken(source);
      } catch (SourceChangedException changed) {
        reason = reason(changed);
      } catch (ServiceErrorException refused) {
        if (refused.isAboutAccess()) {
          throw new PipelineUnavailableException(reason(refused), refused);
        }
        if (!refused.isAboutContent()) {
          return failed(refused);
        }
        reason = "it was written to while it was read, or damaged on its way to the service";
      } catch (IOException unreadable) {
        return failed(unreadable);
      }
    }
    return new IngestOutcome.Failed(reason);
  }

  private IngestOutcome failed(IOException failure) {
    String stopped = stopReason;
    return new IngestOutcome.Failed(stopped == null ? reason(failure) : stopped);
  }

  private static String reason(Exception failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** Tries again while the service takes nothing. What can be read once only is not tried again. */
  private IngestOutcome ingestWhenTaken(Source source)
      throws IOException, PipelineUnavailableException {
    for (int attempt = 1; ; attempt++) {
      requireGoingOn();
      try {
        return ingestOnce(source);
      } catch (ServiceUnavailableException unavailable) {
        requireGoingOn();
        if (!source.canReadAgain() || !wait.mayGoOn()) {
          throw new PipelineUnavailableException(reason(unavailable), unavailable);
        }
        counters.waits();
        try {
          wait.pause(attempt);
        } finally {
          counters.goesOn();
        }
      }
    }
  }

  private IngestOutcome ingestOnce(Source source) throws IOException {
    if (!source.canReadAgain()) {
      return complete(upload(source, Optional.empty()));
    }
    Digest digest = digest(source);
    Optional<StoredBlob> there = uploadStored(digest, source);
    wait.heard();
    if (there.isPresent()) {
      return complete(there.get());
    }
    return complete(upload(source, Optional.of(digest)));
  }

  /** Gives empty also where the service has the content, but cannot do with it what it should. */
  private Optional<StoredBlob> uploadStored(Digest digest, Source source) throws IOException {
    try {
      return blobs.uploadStored(digest, URI.create(source.name()));
    } catch (ServiceErrorException refused) {
      if (refused.isAboutAccess()) {
        throw refused;
      }
      return Optional.empty();
    }
  }

  private IngestOutcome complete(StoredBlob blob) {
    wait.heard();
    counters.stored(blob);
    return new IngestOutcome.Complete(
        new UploadId(blob.uploadId()),
        blob.digest(),
        blob.size(),
        blob.chunks(),
        blob.newChunks(),
        blob.newBytes());
  }

  private Digest digest(Source source) throws IOException {
    Blake3 blake3 = new Blake3();
    try (InputStream in = source.open()) {
      long length =
          copy(
              in,
              (bytes, count) -> {
                blake3.update(bytes, 0, count);
                counters.read(count);
              });
      Digest digest = blake3.finish();
      source.checkContent(digest, length);
      return digest;
    }
  }

  private StoredBlob upload(Source source, Optional<Digest> expected) throws IOException {
    try (InputStream in = source.open()) {
      BlobUpload upload = blobs.upload(expected, URI.create(source.name()));
      long[] sent = {0};
      try {
        long length =
            copy(
                in,
                (bytes, count) -> {
                  upload.write(ByteBuffer.wrap(bytes, 0, count));
                  wait.heard();
                  sent[0] += count;
                  counters.sending(count);
                  counters.read(expected.isPresent() ? 0 : count);
                });
        if (expected.isPresent()) {
          source.checkContent(expected.get(), length);
        }
        return upload.end();
      } finally {
        counters.sending(-sent[0]);
        upload.abort();
      }
    }
  }

  /** Takes the first bytes of an array, as they are read. */
  @FunctionalInterface
  private interface Piece {
    void take(byte[] bytes, int count) throws IOException;
  }

  private long copy(InputStream in, Piece piece) throws IOException {
    byte[] bytes = new byte[COPY_BYTES];
    long length = 0;
    int read = in.read(bytes);
    while (read >= 0) {
      requireGoingOn();
      piece.take(bytes, read);
      length += read;
      read = in.read(bytes);
    }
    return length;
  }

  private void requireGoingOn() throws IOException {
    String stopped = stopReason;
    if (stopped != null) {
      throw new IOException(stopped);
    }
  }

  @Override
  public IngestProgress progress() {
    return counters.progress();
  }

  /** The service may be this machine's own, on the directory where it is looked for by default. */
  @Override
  public List<Path> ownDirectories() {
    return List.of(dataDir);
  }

  @Override
  public void abortAll(String reason) {
    stopReason = reason;
    wait.stop();
    readers.shutdown();
    blobs.close();
  }

  @Override
  public void close() {
    if (stopReason == null) {
      abortAll("the command has ended");
    }
  }
}
