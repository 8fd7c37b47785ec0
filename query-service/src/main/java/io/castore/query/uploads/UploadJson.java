package io.castore.query.uploads;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Instant;

/** The status of an upload as programs get it, from the service and from the command. */
public final class UploadJson {
  private UploadJson() {}

  /**
   * Makes the object. Times are ISO 8601, sizes bytes; {@code digest}, {@code size} and {@code
   * chunks} are there once the upload is sealed, {@code opened_at} once it was opened, and {@code
   * reason} where it ended other than well.
   */
  public static ObjectNode of(UploadId id, UploadStatus status) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("upload_id", id.toString())
            .put("state", status.getState().name())
            .put("source", status.getSource())
            .put("updated_at", Instant.ofEpochMilli(status.getUpdatedAtMs()).toString())
            .put("chunks_received", status.getChunksReceived())
            .put("bytes_received", status.getBytesReceived())
            .put("new_chunks", status.getNewChunks())
            .put("new_bytes", status.getNewBytes());
    if (status.getOpenedAtMs() > 0) {
      object.put("opened_at", Instant.ofEpochMilli(status.getOpenedAtMs()).toString());
    }
    if (status.getBlobDigest().size() == Digest.LENGTH) {
      object
          .put("digest", Digest.of(status.getBlobDigest().toByteArray()).toHex())
          .put("size", status.getSize())
          .put("chunks", status.getChunkCount());
    }
    return status.getReason().isEmpty() ? object : object.put("reason", status.getReason());
  }
}
