package io.castore.blobs;

import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.ingest.PushedUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends a content through the pipeline. */
final class PushedSink implements ContentSink {
  private final PushedUpload upload;
  private final Duration patience;

  /**
   * Takes over an upload that has just begun.
   *
   * @param patience how long the pipeline may take for a piece, and for the end
   */
  PushedSink(PushedUpload upload, Duration patience) {
    this.upload = upload;
    this.patience = patience;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return;
    }
    try {
      Void unused =
          Await.result(upload.write(bytes.slice()), patience, "the pipeline to take bytes");
      bytes.position(bytes.limit());
    } catch (ServiceUnavailableException late) {
      throw late;
    } catch (IOException ended) {
      // The outcome says more than that it has ended.
      upload.abort(String.valueOf(ended.getMessage()));
      throw failure(outcome());
    }
  }

  @Override
  public StoredBlob end() throws IOException {
    upload.end();
    PushOutcome outcome = outcome();
    if (outcome instanceof PushOutcome.Stored stored) {
      IngestOutcome.Complete blob = stored.blob();
      return new StoredBlob(
          blob.digest(),
          blob.size(),
          blob.chunks(),
          blob.newChunks(),
          blob.newBytes(),
          blob.uploadId().uuid());
    }
    throw failure(outcome);
  }

  private PushOutcome outcome() throws IOException {
    return Await.result(upload.outcome().copy(), patience, "the pipeline to end an upload");
  }

  private static IOException failure(PushOutcome outcome) {
    if (outcome instanceof PushOutcome.Unavailable unavailable) {
      return new ServiceUnavailableException(unavailable.reason(), null);
    }
    if (outcome instanceof PushOutcome.TooLong tooLong) {
      return new IOException(
          "the blob is longer than %d bytes (server.max.upload.bytes)"
              .formatted(tooLong.maxBytes()));
    }
    if (outcome instanceof PushOutcome.Failed failed) {
      return new IOException(failed.reason());
    }
    if (outcome instanceof PushOutcome.Aborted aborted) {
      return new IOException(aborted.reason());
    }
    return new IOException("the upload ended otherwise: " + outcome);
  }

  @Override
  public void abort() {
    upload.abort("given up by its writer");
  }
}
