package io.castore.cli.command;

import io.castore.cli.files.Found;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** A way for files to be ingested. Safe for use by many threads. */
interface FileIngest extends AutoCloseable {
  /**
   * Takes a source, after waiting until there is room for one more.
   *
   * @return completed with the outcome, or exceptionally with a {@link
   *     PipelineUnavailableException}
   * @throws RejectedExecutionException if this was closed or told to abort
   */
  CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException;

  /**
   * Tells whether {@link #findUnchanged} answers at once. Where it does not yet, what it needs is
   * read from the first call of this on.
   */
  boolean knowsUnchanged();

  /**
   * Gives what was ingested of a file before, where it is in the store and the file has not changed
   * since, as far as this can tell. One thread asks.
   *
   * @throws IOException if what is known cannot be read
   * @throws RejectedExecutionException if this was closed or told to abort
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used
   */
  Optional<SourceEntry> findUnchanged(Found.RegularFile file) throws IOException;

  /** Tells how far this has come. */
  IngestProgress progress();

  /** Gives the directories that this writes to while it reads, so that reading them has no end. */
  List<Path> ownDirectories();

  /** Gives up every source that is not stored, and takes no more. */
  void abortAll(String reason);

  /** Gives back what it holds. A second call does nothing. */
  @Override
  void close();
}
