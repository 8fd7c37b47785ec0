package io.castore.index;

import com.google.protobuf.ByteString;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import io.castore.proto.pipeline.UploadStatus;
import java.util.Optional;

/** What a complete upload says of its source. */
final class CompletedSource {
  private CompletedSource() {}

  /**
   * Gives the entry of a source, or empty where the upload is not complete or names none.
   *
   * @param storeId identity of the store that has the blob
   */
  static Optional<SourceEntry> of(UploadId id, UploadStatus status, String storeId) {
    if (status.getState() != UploadStatus.State.COMPLETE || status.getSource().isEmpty()) {
      return Optional.empty();
    }
    SourceEntry.Builder entry =
        SourceEntry.newBuilder()
            .setBlobDigest(status.getBlobDigest())
            .setSize(status.getSize())
            .setUploadId(ByteString.copyFrom(id.toBytes()))
            .setOpenedAtMs(status.getOpenedAtMs())
            .setCompletedAtMs(status.getUpdatedAtMs())
            .setChunkCount(status.getChunkCount())
            .setStoreId(storeId);
    if (status.hasSourceVersion()) {
      entry.setVersion(status.getSourceVersion());
    }
    return Optional.of(entry.build());
  }
}
