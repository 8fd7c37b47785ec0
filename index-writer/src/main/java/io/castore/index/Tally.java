package io.castore.index;

import io.castore.proto.pipeline.UploadStatus;

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
  private long highestSeq = -1;

  void add(long seq, ChunkRow row) {
    chunks++;
    bytes += row.size();
    if (row.isNew()) {
      newChunks++;
      newBytes += row.size();
    }
    // Places are unsigned on the wire; one above Long.MAX_VALUE is out of every range, as is the
    // highest.
    highestSeq = Math.max(highestSeq, seq < 0 ? Long.MAX_VALUE : seq);
  }

  long chunks() {
    return chunks;
  }

  long bytes() {
    return bytes;
  }

  /** The highest place of any chunk, -1 where there is none. */
  long highestSeq() {
    return highestSeq;
  }

  UploadStatus.Builder addTo(UploadStatus.Builder status) {
    return status
        .setChunksReceived(chunks)
        .setBytesReceived(bytes)
        .setNewChunks(newChunks)
        .setNewBytes(newBytes);
  }
}
