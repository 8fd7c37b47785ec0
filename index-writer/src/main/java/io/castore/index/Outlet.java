package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadStatus;

/** Takes what is to be said of uploads. Called on the stream thread. */
interface Outlet {
  /** Tells the state of an upload. */
  void tell(UploadId id, UploadStatus status);

  /** Asks the producer of an upload for chunks. */
  void ask(UploadId id, ChunkRequest request);
}
