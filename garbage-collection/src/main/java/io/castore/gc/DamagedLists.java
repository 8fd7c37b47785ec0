package io.castore.gc;

import io.castore.content.layout.CorruptObjectException;
import java.util.ArrayList;
import java.util.List;

/** Gathers the blobs whose chunks cannot be known. Safe for use by many threads. */
final class DamagedLists {
  private static final int MOST_NAMED = 20;

  private final List<CorruptObjectException> first = new ArrayList<>();
  private long count;

  synchronized void add(CorruptObjectException damaged) {
    count++;
    if (first.size() < MOST_NAMED) {
      first.add(damaged);
    }
  }

  synchronized void requireNone() throws DamagedListsException {
    if (count > 0) {
      throw new DamagedListsException(first, count);
    }
  }
}
