package io.castore.gc;

/**
 * What a collection did, or would have done.
 *
 * @param dryRun whether nothing was removed
 * @param unfinishedUploads uploads that have not ended; what they need was kept
 * @param lapsedBlobs blobs that rules of retention dropped in this run
 * @param blobs what became of the objects of blobs
 * @param chunks what became of the objects of chunks
 */
public record CollectionReport(
    boolean dryRun, long unfinishedUploads, long lapsedBlobs, Tally blobs, Tally chunks) {
  /**
   * Counts objects.
   *
   * @param looked how many were there
   * @param lookedBytes their sizes in the store
   * @param young garbage that was kept because it was written within the grace period
   * @param referred garbage that was kept because something referred to it or wrote it since
   * @param freed how many were removed, or would be
   * @param freedBytes their sizes in the store
   * @param notRemoved garbage that should have been removed and is still there
   */
  public record Tally(
      long looked,
      long lookedBytes,
      long young,
      long referred,
      long freed,
      long freedBytes,
      long notRemoved) {
    /** How many are needed. */
    public long live() {
      return looked - young - referred - freed - notRemoved;
    }
  }

  /** Whether all that was to go is gone. */
  public boolean isDone() {
    return blobs.notRemoved() == 0 && chunks.notRemoved() == 0;
  }
}
