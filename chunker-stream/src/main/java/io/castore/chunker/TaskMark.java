package io.castore.chunker;

/**
 * From which offset on a use of something has to be noted, so that garbage collection sees it: that
 * of the last mark. A task knows of no marks before its first record, so that record counts as one.
 * One number a task is enough, and nothing has to be kept of it: to note a use that nobody asks for
 * does no harm.
 *
 * <p>Not thread-safe.
 */
final class TaskMark {
  private static final long NONE = -1;

  private long offset = NONE;

  /** Takes note of a record that is not a mark. */
  void pass(long recordOffset) {
    if (offset == NONE) {
      offset = recordOffset;
    }
  }

  /** Takes note of a mark. */
  void set(long markOffset) {
    offset = Math.max(offset, markOffset);
  }

  /** Whether what was last used at an offset is to be noted when it is used again. */
  boolean isAfter(long lastUse) {
    return lastUse < offset;
  }
}
