package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadStatus;

/** Takes what is to be said of uploads. Called on the stream thread. */
interface Outlet {
  /** Tells the state of an upload. */
  void tell(UploadId id, UploadStatus status);

  /**
   * Returns when all that the task has told and written to its stores is durable in Kafka. Takes a
   * round trip, so it is not for each record.
   */
  void flush();

  /** Claims the blob of a sealed upload, which is about to be published. */
  void claim(UploadId id, Digest blob);

  /** Asks the chunker whether the store holds a chunk of an upload: it answers with a receipt. */
  void refer(UploadId id, long seq, Digest digest, int rawSize);

  /** Asks the producer of an upload for chunks. */
  void ask(UploadId id, ChunkRequest request);
}
