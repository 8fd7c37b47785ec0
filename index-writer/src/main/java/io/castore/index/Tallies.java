package io.castore.index;

import io.castore.pipeline.records.UploadId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tallies of the uploads that a task has heard of lately, in bounded memory: one that was
 * pushed out is counted anew from its rows, which takes some seconds for one of millions. Not
 * thread-safe.
 */
final class Tallies {
  private static final int MOST_IN_MEMORY = 10_000;

  private final ChunkRows rows;
  private final UploadMeters meters;
  private final Map<UploadId, Tally> tallies =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, Tally> eldest) {
          boolean full = size() > MOST_IN_MEMORY;
          if (full) {
            meters.inProgress(-1);
          }
          return full;
        }
      };

  /**
   * Begins with none.
   *
   * @param meters is told how many there are
   */
  Tallies(ChunkRows rows, UploadMeters meters) {
    this.rows = rows;
    this.meters = meters;
  }

  /** Whether an upload's tally is in memory. */
  boolean hold(UploadId id) {
    return tallies.containsKey(id);
  }

  /** Gives an upload's tally, counting its rows where it is not in memory. */
  Tally of(UploadId id) {
    Tally tally = tallies.get(id);
    if (tally == null) {
      tally = new Tally();
      try (ChunkRows.Scan all = rows.scan(id, 0)) {
        while (all.next()) {
          tally.count(all.seq(), null, all.row());
        }
      }
      tallies.put(id, tally);
      meters.inProgress(1);
    }
    return tally;
  }

  /** Gives back the memory of an upload that has ended. */
  void forget(UploadId id) {
    if (tallies.remove(id) != null) {
      meters.inProgress(-1);
    }
  }

  /** Looks after no upload any more. */
  void close() {
    meters.inProgress(-tallies.size());
    tallies.clear();
  }
}
