package io.castore.index;

import io.castore.proto.pipeline.UploadStatus;
import org.jspecify.annotations.Nullable;

/**
 * How far an upload has come: what its rows add up to. It is counted from the rows whenever a task
 * meets an upload for the first time, and never stored, since after a crash a stored count and the
 * rows could disagree.
 */
final class Tally {
  private long chunks;
  private long bytes;
  private long newChunks;
  private long newBytes;
  private long missing;
  private long highestSeq = -1;
  private boolean told;

  /**
   * Counts a row that was written.
   *
   * @param before what was there before, of the same chunk
   */
  void count(long seq, @Nullable ChunkRow before, ChunkRow row) {
    if (before != null) {
      count(before, -1);
    }
    count(row, 1);
    // Places are unsigned on the wire; one above Long.MAX_VALUE is out of every range, as is the
    // highest.
    highestSeq = Math.max(highestSeq, seq < 0 ? Long.MAX_VALUE : seq);
  }

  private void count(ChunkRow row, int times) {
    if (!row.isThere()) {
      missing += times;
      return;
    }
    chunks += times;
    bytes += (long) times * row.size();
    if (row.isNew()) {
      newChunks += times;
      newBytes += (long) times * row.size();
    }
  }

  /** How many chunks the store holds. */
  long chunks() {
    return chunks;
  }

  /** The raw bytes of those. */
  long bytes() {
    return bytes;
  }

  /** How many chunks were referred to and are not in the store. */
  long missing() {
    return missing;
  }

  /** The highest place of any chunk, -1 where there is none. */
  long highestSeq() {
    return highestSeq;
  }

  /** Notes that the upload's status is told. */
  void tell() {
    told = true;
  }

  /** Whether a status of the upload was told since it was counted. */
  boolean isTold() {
    return told;
  }

  UploadStatus.Builder addTo(UploadStatus.Builder status) {
    return status
        .setChunksReceived(chunks)
        .setBytesReceived(bytes)
        .setNewChunks(newChunks)
        .setNewBytes(newBytes);
  }
}
