package io.castore.feeds;

import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** The way into the pipeline. Safe for use by many threads. */
@FunctionalInterface
public interface SourceIntake {
  /**
   * Takes a source, after waiting until there is room for one more.
   *
   * @return completed with the outcome when the blob is readable or the source has failed, or
   *     exceptionally with a {@link PipelineUnavailableException}
   * @throws RejectedExecutionException if no more is taken
   */
  CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException;
}
