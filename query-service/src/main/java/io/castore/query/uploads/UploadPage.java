package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import java.util.List;
import java.util.Optional;

/**
 * A part of a list of uploads.
 *
 * @param uploads the newest first
 * @param next where the list goes on: with the ids before this one; empty where it has ended
 */
record UploadPage(List<Upload> uploads, Optional<UploadId> next) {
  UploadPage {
    uploads = List.copyOf(uploads);
  }
}
