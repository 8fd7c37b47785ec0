package io.castore.audit.rebuild;

/**
 * What a rebuild did.
 *
 * @param chunks how many chunks have to be in the store
 * @param chunksWritten how many of them this process wrote
 * @param bytesWritten bytes of those, as they lie in the store
 * @param chunksLost how many could not be rebuilt
 * @param blobs how many blobs have to be in the store
 * @param blobsWritten how many objects of them this process wrote
 * @param blobsLost how many blobs cannot be read
 * @param chunksForgotten how many chunks the next upload will store anew
 * @param wroteIdentity whether the store had no identity before
 */
public record RebuildSummary(
    long chunks,
    long chunksWritten,
    long bytesWritten,
    long chunksLost,
    long blobs,
    long blobsWritten,
    long blobsLost,
    long chunksForgotten,
    boolean wroteIdentity) {
  /** Whether every blob can be read. */
  public boolean isWhole() {
    return chunksLost == 0 && blobsLost == 0;
  }
}
