package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import java.io.IOException;

/** How the ingestion of one source ended. */
public sealed interface IngestOutcome {
  /**
   * The blob is readable.
   *
   * @param digest the blob's digest
   * @param size the blob's length, in bytes
   * @param chunks how many chunks it has
   * @param newChunks how many of them the store did not hold before
   * @param newBytes the raw length of those, in bytes
   */
  record Complete(
      UploadId uploadId, Digest digest, long size, long chunks, long newChunks, long newBytes)
      implements IngestOutcome {}

  /**
   * Nothing was published.
   *
   * @param reason says to a person why
   */
  record Failed(String reason) implements IngestOutcome {
    /** Says why a source cannot be read. */
    static Failed of(IOException failure) {
      return new Failed(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }
  }
}
