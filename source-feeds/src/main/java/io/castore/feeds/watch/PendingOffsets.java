package io.castore.feeds.watch;

import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What of one partition is under way, and so up to where the partition is done with.
 *
 * <p>Not thread-safe.
 */
final class PendingOffsets {
  private final NavigableSet<Long> pending = new TreeSet<>();
  private long next = -1;

  /** Notes that the record at an offset, greater than all before, was taken. */
  void begin(long offset) {
    if (offset < next) {
      throw new IllegalStateException("offset: %d (expected: %d or more)".formatted(offset, next));
    }
    pending.add(offset);
    next = offset + 1;
  }

  /** Notes that nothing is left to do about the record at an offset. */
  void end(long offset) {
    pending.remove(offset);
  }

  /**
   * Gives the offset that may be committed: all records before it, and not it, are done with.
   * Nothing where none was taken yet.
   */
  OptionalLong committable() {
    if (next < 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(pending.isEmpty() ? next : pending.first());
  }

  /** Tells how many records are under way. */
  int size() {
    return pending.size();
  }
}
