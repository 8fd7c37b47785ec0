package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.concurrent.CompletableFuture;

/**
 * Makes what is said of an upload progress, and its end the outcome that somebody waits for. Used
 * by one thread at a time.
 */
final class UploadWait {
  private final UploadId id;
  private final CompletableFuture<IngestOutcome> outcome;
  private final IngestCounters counters;
  private UploadStatus newest = UploadStatus.getDefaultInstance();

  UploadWait(UploadId id, CompletableFuture<IngestOutcome> outcome, IngestCounters counters) {
    this.id = id;
    this.outcome = outcome;
    this.counters = counters;
  }

  /** Takes a status that is not final. */
  void advanced(UploadStatus status) {
    counters.advance(newest, status);
    newest = status;
  }

  /** Takes the upload's final status. */
  void ended(UploadStatus status) {
    advanced(status);
    if (status.getState() != UploadStatus.State.COMPLETE) {
      outcome.complete(
          new IngestOutcome.Failed(
              "upload %s is %s: %s".formatted(id, status.getState(), status.getReason())));
      return;
    }
    outcome.complete(
        new IngestOutcome.Complete(
            id,
            Digest.of(status.getBlobDigest().toByteArray()),
            status.getSize(),
            status.getChunkCount(),
            status.getNewChunks(),
            status.getNewBytes()));
  }

  /** Learns that no end can be waited for. */
  void lost(PipelineUnavailableException failure) {
    outcome.completeExceptionally(failure);
  }
}
