package io.castore.audit.verify;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketObject;
import java.util.List;

/**
 * One object that is damaged or missing.
 *
 * @param object which one
 * @param isMissing whether it is not there at all
 * @param reason what is wrong, for people
 * @param hitCount how many blobs cannot be read because of it
 * @param hits the first of them
 */
public record Finding(
    BucketObject object, boolean isMissing, String reason, long hitCount, List<Hit> hits) {
  /** Copies the list. */
  public Finding {
    hits = List.copyOf(hits);
  }

  /**
   * A blob that cannot be read.
   *
   * @param sourceCount how many sources it was ingested from, by name
   * @param sources the first of them
   */
  public record Hit(Digest blob, long sourceCount, List<String> sources) {
    /** Copies the list. */
    public Hit {
      sources = List.copyOf(sources);
    }
  }
}
