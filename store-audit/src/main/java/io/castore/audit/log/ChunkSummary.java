package io.castore.audit.log;

import io.castore.content.digest.Digest;

/**
 * What receipts tell of an upload's chunks together.
 *
 * @param count how many there are
 * @param size the sum of their raw sizes, in bytes
 * @param encodedLength how long the blob object is that lists them, in bytes
 * @param listDigest digest of that object
 * @param isContiguous whether their places are 0, 1, 2, …
 * @param first digest of the first one; that of nothing where there is none
 */
record ChunkSummary(
    long count,
    long size,
    long encodedLength,
    Digest listDigest,
    boolean isContiguous,
    Digest first) {
  /** Whether these are all the chunks of a blob. */
  boolean isWhole(Digest blob, long blobSize, long chunkCount) {
    return isContiguous
        && count == chunkCount
        && size == blobSize
        && (count > 1 ? !blob.equals(Digest.EMPTY) : first.equals(blob));
  }
}
