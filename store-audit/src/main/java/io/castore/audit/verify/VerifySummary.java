package io.castore.audit.verify;

/**
 * What was looked at, and found.
 *
 * @param chunks how many chunk objects there are
 * @param chunksRead how many of them were read
 * @param bytesRead bytes of those, as they lie in the store
 * @param blobs how many blob objects there are
 * @param damaged how many objects do not hold what they should
 * @param missing how many objects are not there
 */
public record VerifySummary(
    long chunks, long chunksRead, long bytesRead, long blobs, long damaged, long missing) {
  /** Whether nothing is damaged or missing. */
  public boolean isClean() {
    return damaged == 0 && missing == 0;
  }
}
