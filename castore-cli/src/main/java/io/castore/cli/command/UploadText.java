package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.cli.progress.ProgressText;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Instant;

/** Writes uploads for people and for programs. */
final class UploadText {
  private UploadText() {}

  static String line(UploadId id, UploadStatus status) {
    String text =
        "%s  %-8s  %s  %10s  %s"
            .formatted(
                id,
                status.getState(),
                Instant.ofEpochMilli(status.getUpdatedAtMs()),
                ProgressText.bytes(status.getBytesReceived()),
                status.getSource());
    return status.getReason().isEmpty() ? text : text + "  (" + status.getReason() + ")";
  }

  static ObjectNode json(UploadId id, UploadStatus status) {
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
