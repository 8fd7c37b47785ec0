package io.castore.benchmarks.gc;

import io.castore.content.digest.Digest;
import java.util.HashMap;
import java.util.Map;

/**
 * What was ingested and dropped, as whoever asked for it knows.
 *
 * <p>An upload that was under way while its blob was dropped may have been complete before or
 * after; what becomes of such a blob is open until it is ingested or dropped once more. Safe for
 * use by many threads.
 */
final class Ledger {
  private final Map<Digest, Entry> blobs = new HashMap<>();

  /** What is known of a blob now. */
  enum Fate {
    KEPT,
    DROPPED,
    OPEN
  }

  private static final class Entry {
    private long newestBeginNanos = Long.MIN_VALUE;
    private long newestEndNanos = Long.MIN_VALUE;
    private long dropBeginNanos = Long.MIN_VALUE;
    private long dropEndNanos = Long.MIN_VALUE;

    Fate fate() {
      if (dropEndNanos == Long.MIN_VALUE || newestBeginNanos > dropEndNanos) {
        return Fate.KEPT;
      }
      return newestEndNanos < dropBeginNanos ? Fate.DROPPED : Fate.OPEN;
    }
  }

  /** Takes visits. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next blob. */
    void visit(Digest blob, Fate fate) throws Exception;
  }

  /** Notes that an upload was complete, which began and ended then by {@link System#nanoTime}. */
  synchronized void complete(Digest blob, long beginNanos, long endNanos) {
    Entry entry = blobs.computeIfAbsent(blob, added -> new Entry());
    entry.newestBeginNanos = Math.max(entry.newestBeginNanos, beginNanos);
    entry.newestEndNanos = Math.max(entry.newestEndNanos, endNanos);
  }

  /** Notes that a blob was dropped at some time between. */
  synchronized void dropped(Digest blob, long beginNanos, long endNanos) {
    Entry entry = blobs.computeIfAbsent(blob, added -> new Entry());
    entry.dropBeginNanos = Math.max(entry.dropBeginNanos, beginNanos);
    entry.dropEndNanos = Math.max(entry.dropEndNanos, endNanos);
  }

  /** Visits all blobs. Nothing may be noted meanwhile. */
  synchronized void visit(Visitor visitor) throws Exception {
    for (Map.Entry<Digest, Entry> blob : blobs.entrySet()) {
      visitor.visit(blob.getKey(), blob.getValue().fate());
    }
  }
}
