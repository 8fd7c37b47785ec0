package io.castore.cli.command;

import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Instant;

/** Writes uploads for people. */
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
}
