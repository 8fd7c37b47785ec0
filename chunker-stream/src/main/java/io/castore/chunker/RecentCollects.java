package io.castore.chunker;

import io.castore.content.digest.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The digests that were collected lately: by a record that may be delivered again, since its offset
 * is not known to be committed.
 *
 * <p>Such a record, delivered again after a crash, finds the state as far as it had come into the
 * changelog. If the digest has been stored, or its blob claimed, once more in the meantime, and
 * somebody was told so, the order must not remove the object a second time. It does not where the
 * new entry is there, for that names a record after the mark. So whoever stores or claims a digest
 * that was collected lately makes its entry durable before anybody is told.
 *
 * <p>Offsets of collects rise, so the oldest ones are those that are committed first, and those
 * that are given up first where there are too many. Given up means that every digest is taken for
 * one of them until the last of them is committed: slower, and right.
 *
 * <p>Holds at most {@value #MOST} digests, some 2 MiB. Not thread-safe.
 */
final class RecentCollects {
  static final int MOST = 1 << 14;

  private static final long NONE = -1;

  private final LongSupplier committed;
  private final Runnable flush;
  private final Map<Digest, Long> offsets = new LinkedHashMap<>();
  private long lastGivenUp = NONE;

  /**
   * Knows of no collects.
   *
   * @param committed gives the offset before which all records of the task are known to be
   *     committed; 0 where nothing is known
   * @param flush returns when the changelog has all that was written to the state
   */
  RecentCollects(LongSupplier committed, Runnable flush) {
    this.committed = committed;
    this.flush = flush;
  }

  /** Takes note of a collect that is carried out, whose offset is higher than those before. */
  void add(Digest digest, long offset) {
    offsets.remove(digest);
    offsets.put(digest, offset);
    if (offsets.size() > MOST) {
      dropCommitted();
    }
    if (offsets.size() > MOST) {
      Iterator<Long> oldest = offsets.values().iterator();
      lastGivenUp = oldest.next();
      oldest.remove();
    }
  }

  /** Returns when nothing that is collected lately can undo what was just noted of a digest. */
  void makeDurable(Digest digest) {
    if (mayComeAgain(digest)) {
      // Not struck off: a blob of one chunk shares its digest, and the other may be noted later.
      flush.run();
    }
  }

  private boolean mayComeAgain(Digest digest) {
    if (offsets.isEmpty() && lastGivenUp == NONE) {
      return false;
    }
    dropCommitted();
    return lastGivenUp != NONE || offsets.containsKey(digest);
  }

  private void dropCommitted() {
    long end = committed.getAsLong();
    if (lastGivenUp < end) {
      lastGivenUp = NONE;
    }
    Iterator<Long> oldest = offsets.values().iterator();
    while (oldest.hasNext() && oldest.next() < end) {
      oldest.remove();
    }
  }
}
