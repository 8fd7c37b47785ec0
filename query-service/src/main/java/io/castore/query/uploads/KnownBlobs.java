package io.castore.query.uploads;

import java.util.List;

/**
 * Some blobs, those first that were uploaded last, each once.
 *
 * @param areAll whether there are no others that an upload has made
 */
public record KnownBlobs(List<KnownBlob> blobs, boolean areAll) {
  /** Copies the list. */
  public KnownBlobs {
    blobs = List.copyOf(blobs);
  }
}
