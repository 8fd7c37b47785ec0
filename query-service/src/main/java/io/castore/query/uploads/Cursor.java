package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import java.util.Base64;

/** Writes where a list goes on as a text that clients hand back as it is. */
final class Cursor {
  private Cursor() {}

  static String write(UploadId next) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(next.toBytes());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static UploadId read(String cursor) {
    return UploadId.of(Base64.getUrlDecoder().decode(cursor));
  }
}
