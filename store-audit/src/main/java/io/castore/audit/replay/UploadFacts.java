package io.castore.audit.replay;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.castore.proto.pipeline.UploadStatus.State;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the records of an upload say together.
 *
 * @param sealed what it was sealed with; the default instance where it was not
 * @param isSealed whether it was sealed
 * @param isAborted whether somebody gave it up
 * @param isFaulty whether a chunk was rejected, two chunks came for one place, or it was sealed
 *     twice, differently
 * @param chunks how many chunks of it the store holds
 * @param bytes their raw size
 * @param isContiguous whether their places are 0, 1, 2, …
 * @param first digest of the first chunk; that of nothing where there is none
 */
record UploadFacts(
    Sealed sealed,
    boolean isSealed,
    boolean isAborted,
    boolean isFaulty,
    long chunks,
    long bytes,
    boolean isContiguous,
    Digest first) {
  /** Whether all that was promised is there, and is what was promised. */
  boolean isWhole() {
    return isSealed
        && !isFaulty
        && isContiguous
        && chunks == sealed.getChunkCount()
        && bytes == sealed.getSize()
        && isPossible();
  }

  private boolean isPossible() {
    if (sealed.getBlobDigest().size() != Digest.LENGTH) {
      return false;
    }
    Digest blob = Digest.of(sealed.getBlobDigest().toByteArray());
    return chunks > 1 ? !blob.equals(Digest.EMPTY) : blob.equals(first);
  }

  /** Whether chunks are wanting, and nothing else is wrong. */
  boolean isLacking() {
    return isSealed && !isFaulty && chunks < sealed.getChunkCount();
  }

  /**
   * The states that the upload can have come to. There is more than one, since records of two
   * topics have no order among each other, and time and the store have a say, too.
   */
  Set<State> possibleEnds() {
    Set<State> ends = EnumSet.noneOf(State.class);
    if (isAborted) {
      ends.add(State.ABORTED);
    }
    if (isWhole()) {
      ends.add(State.COMPLETE);
      // The store may have had another list of the same blob.
      ends.add(State.FAILED);
    } else {
      ends.add(State.EXPIRED);
      boolean cannotBeWhole = isFaulty || (isSealed && !isLacking());
      if (cannotBeWhole) {
        ends.add(State.FAILED);
      }
    }
    return ends;
  }

  /** Whether the records by themselves say that the upload ends. */
  boolean mustEnd() {
    return isAborted || isFaulty || (isSealed && !isLacking());
  }
}
