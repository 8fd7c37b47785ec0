package io.castore.index;

import io.castore.pipeline.records.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the rows of finished uploads, some at a time, so that records get their turn between.
 *
 * <p>Not thread-safe.
 */
final class RowClearing {
  private static final int ROWS_AT_A_TIME = 10_000;

  private final ChunkRows rows;
  private int left = ROWS_AT_A_TIME;
  private @Nullable UploadId halfCleared;
  private long next;

  RowClearing(ChunkRows rows) {
    this.rows = rows;
  }

  /** Allows for more rows to be deleted. */
  void refill() {
    left = ROWS_AT_A_TIME;
  }

  /** Deletes rows of an upload, and returns whether none is left. */
  boolean clear(UploadId id) {
    if (left <= 0) {
      return false;
    }
    ChunkRows.Deleted deleted = rows.delete(id, id.equals(halfCleared) ? next : 0, left);
    // To look is work, too.
    left -= deleted.count() + 1;
    if (deleted.rest().isPresent()) {
      halfCleared = id;
      next = deleted.rest().getAsLong();
      return false;
    }
    return true;
  }
}
