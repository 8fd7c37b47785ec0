package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.concurrent.CompletableFuture;

/**
 * Makes the end of an upload the outcome that somebody waits for.
 *
 * @param outcome completed by whichever of the two happens first
 */
record Waiting(UploadId id, CompletableFuture<IngestOutcome> outcome)
    implements UploadsInFlight.Ending {
  @Override
  public void ended(UploadStatus status) {
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

  @Override
  public void lost(PipelineUnavailableException failure) {
    outcome.completeExceptionally(failure);
  }
}
