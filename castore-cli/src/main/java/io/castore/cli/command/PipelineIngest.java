package io.castore.cli.command;

import io.castore.cli.files.Found;
import io.castore.cli.system.CastoreSystem;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.Ingester;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Ingests through Kafka, with the roles in this process where the broker is. The way into the
 * pipeline is opened for the first source that is to be read, so that where nothing has changed,
 * none is.
 */
final class PipelineIngest implements FileIngest {
  private final CastoreSystem system;
  private final @Nullable LongPredicate filesToIngest;
  private @Nullable CompletableFuture<UnchangedFiles> unchanged;
  private volatile @Nullable Ingester ingester;
  private volatile boolean ended;

  private PipelineIngest(CastoreSystem system, @Nullable LongPredicate filesToIngest) {
    this.system = system;
    this.filesToIngest = filesToIngest;
  }

  /**
   * Opens the system and the way into it. Throws what {@link CastoreSystem#openWorking} does.
   *
   * @param command who wants it, for others to be told
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  static PipelineIngest open(CastoreConfig config, String command, boolean resetState)
      throws Exception {
    PipelineIngest opened = openLazily(config, command, resetState, null);
    try {
      Ingester unused = opened.ingester();
      return opened;
    } catch (Exception unusable) {
      opened.close();
      throw unusable;
    }
  }

  /**
   * Opens the system, and the way into it when that is needed. Throws what {@link
   * CastoreSystem#openWorking} does.
   *
   * @param command who wants it, for others to be told
   * @param filesToIngest tells whether there are at least so many; null where no file counts as
   *     unchanged
   */
  static PipelineIngest openLazily(
      CastoreConfig config,
      String command,
      boolean resetState,
      @Nullable LongPredicate filesToIngest)
      throws Exception {
    return new PipelineIngest(
        CastoreSystem.openWorking(config, command, resetState), filesToIngest);
  }

  @Override
  public boolean knowsUnchanged() {
    return filesToIngest == null || unchanged(filesToIngest).isDone();
  }

  @Override
  public Optional<SourceEntry> findUnchanged(Found.RegularFile file) throws IOException {
    if (filesToIngest == null) {
      return Optional.empty();
    }
    requireGoingOn();
    try {
      return await(unchanged(filesToIngest)).find(file);
    } catch (IllegalStateException closed) {
      requireGoingOn();
      throw closed;
    }
  }

  private synchronized CompletableFuture<UnchangedFiles> unchanged(LongPredicate files) {
    requireGoingOn();
    CompletableFuture<UnchangedFiles> known = unchanged;
    if (known == null) {
      known =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return UnchangedFiles.read(system.config(), files);
                } catch (IOException unread) {
                  throw new UncheckedIOException(unread);
                }
              },
              PipelineIngest::start);
      unchanged = known;
    }
    return known;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "known-sources");
    thread.setDaemon(true);
    thread.start();
  }

  private static UnchangedFiles await(CompletableFuture<UnchangedFiles> known) throws IOException {
    try {
      return known.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof UncheckedIOException unread) {
        throw unread.getCause();
      }
      if (failed.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw failed;
    }
  }

  @Override
  public CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException {
    Ingester opened;
    try {
      opened = ingester();
    } catch (PipelineUnavailableException unavailable) {
      return CompletableFuture.failedFuture(unavailable);
    } catch (IOException unusable) {
      return CompletableFuture.failedFuture(
          new PipelineUnavailableException(String.valueOf(unusable.getMessage()), unusable));
    }
    return opened.submit(source);
  }

  private synchronized Ingester ingester()
      throws PipelineUnavailableException, IOException, InterruptedException {
    requireGoingOn();
    Ingester opened = ingester;
    if (opened == null) {
      Ingester made = system.openIngester();
      CompletableFuture<Void> unused =
          system
              .failure()
              .thenAccept(cause -> made.giveUp("the pipeline stopped: " + cause.getMessage()));
      opened = made;
      ingester = made;
      requireGoingOn();
    }
    return opened;
  }

  private void requireGoingOn() {
    if (ended) {
      throw new RejectedExecutionException("nothing more is taken");
    }
  }

  @Override
  public IngestProgress progress() {
    Ingester opened = ingester;
    return opened == null ? IngestProgress.NONE : opened.progress();
  }

  /** The configuration, with the address of the brokers that are used. */
  CastoreConfig config() {
    return system.config();
  }

  /** Is completed with the reason, should a role or the broker here end by itself. */
  CompletableFuture<Throwable> failure() {
    return system.failure();
  }

  @Override
  public List<Path> ownDirectories() {
    return system.ownDirectories();
  }

  @Override
  public void abortAll(String reason) {
    ended = true;
    Ingester opened = ingester;
    if (opened != null) {
      opened.abortAll(reason);
    }
  }

  @Override
  public void close() {
    ended = true;
    Ingester opened = ingester;
    if (opened != null) {
      opened.close();
    }
    closeUnchanged();
    system.close();
  }

  private synchronized void closeUnchanged() {
    if (unchanged != null) {
      CompletableFuture<Void> unused = unchanged.thenAccept(UnchangedFiles::close);
    }
  }
}
