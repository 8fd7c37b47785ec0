package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.state.UploadHeader;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Asks producers for chunks: for each that a producer referred to and the store does not hold, once
 * as soon as that is known, and again with growing patience while nothing comes.
 *
 * <p>What was asked for is kept in memory alone: after a restart it is asked for again, which does
 * no harm. Belongs to one task, and is not thread-safe.
 */
final class ChunkAsker {
  /** How long a producer has for its first answer. Doubled each time. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How many chunks one request asks for at most. */
  static final int PAGE = 1_000;

  private static final long MOST_PATIENCE_MS = Duration.ofHours(1).toMillis();

  /** How much is read, and how much asked for, before other uploads get their turn. */
  private static final int ROWS_AT_A_TIME = 50_000;

  private final ChunkRows rows;
  private final Deadlines deadlines;
  private final Outlet outlet;
  private final LongSupplier clock;
  private final Map<UploadId, ChunkRequest.Builder> pages = new LinkedHashMap<>();
  private final Map<UploadId, Asked> asked = new HashMap<>();

  ChunkAsker(ChunkRows rows, Deadlines deadlines, Outlet outlet, LongSupplier clock) {
    this.rows = rows;
    this.deadlines = deadlines;
    this.outlet = outlet;
    this.clock = clock;
  }

  /** What a producer was asked for. */
  private static final class Asked {
    private long patienceMs = PATIENCE.toMillis();
    private long againAtMs;

    /** Where the round of questions that is under way goes on, 0 where none is. */
    private long next;

    Asked(long againAtMs) {
      this.againAtMs = againAtMs;
    }
  }

  /** Wants a chunk of which nobody was asked for before. It is asked for with the next page. */
  void want(UploadId id, long seq) {
    long patientUntil = clock.getAsLong() + PATIENCE.toMillis();
    Asked upload = asked.get(id);
    if (upload == null) {
      asked.put(id, new Asked(patientUntil));
      deadlines.add(patientUntil, id);
    } else {
      upload.againAtMs = Math.max(upload.againAtMs, patientUntil);
    }
    add(id, seq);
  }

  private void add(UploadId id, long seq) {
    ChunkRequest.Builder page = pages.computeIfAbsent(id, first -> ChunkRequest.newBuilder());
    if (page.addSeqs(seq).getSeqsCount() == PAGE) {
      pages.remove(id);
      outlet.ask(id, page.build());
    }
  }

  /** Asks for what is wanted and fills no page. */
  void flush() {
    pages.forEach((id, page) -> outlet.ask(id, page.build()));
    pages.clear();
  }

  /** Notes that the producer of an upload answers: it is given time to go on. */
  void answered(UploadId id) {
    Asked upload = asked.get(id);
    if (upload != null) {
      upload.againAtMs = Math.max(upload.againAtMs, clock.getAsLong() + PATIENCE.toMillis());
    }
  }

  /** Gives back the memory of an upload that takes no more records. */
  void forget(UploadId id) {
    asked.remove(id);
    pages.remove(id);
  }

  /**
   * Asks again for what was not answered in time.
   *
   * @param lostToo whether chunks of which nothing was heard at all are asked for as well
   * @return when to call this again, {@link Long#MAX_VALUE} where there is nothing to ask for
   */
  long askAgain(UploadId id, UploadHeader upload, Tally tally, boolean lostToo) {
    long expected = upload.getStatus().getChunkCount();
    boolean anyLost = lostToo && tally.chunks() + tally.missing() < expected;
    if (tally.missing() == 0 && !anyLost) {
      forget(id);
      return Long.MAX_VALUE;
    }
    long now = clock.getAsLong();
    Asked questions = asked.computeIfAbsent(id, unknown -> new Asked(now));
    if (questions.againAtMs > now) {
      return questions.againAtMs;
    }
    questions.next = askFrom(id, questions.next, anyLost ? expected : 0);
    flush();
    if (questions.next == 0) {
      questions.againAtMs = now + questions.patienceMs;
      questions.patienceMs = Math.min(2 * questions.patienceMs, MOST_PATIENCE_MS);
    }
    return questions.againAtMs;
  }

  /**
   * Asks for some of what is missing, from a place on.
   *
   * @param expected how many chunks the upload has, 0 where only those are asked for that have rows
   * @return where to go on, 0 at the end
   */
  private long askFrom(UploadId id, long from, long expected) {
    long next = from;
    int left = ROWS_AT_A_TIME;
    try (ChunkRows.Scan scan = rows.scan(id, from)) {
      while (scan.next()) {
        for (; expected > 0 && next < scan.seq(); next++) {
          add(id, next);
          if (--left == 0) {
            return next + 1;
          }
        }
        if (!scan.row().isThere()) {
          add(id, scan.seq());
        }
        next = scan.seq() + 1;
        if (--left == 0) {
          return next;
        }
      }
    }
    for (; next < expected; next++) {
      add(id, next);
      if (--left == 0) {
        return next + 1;
      }
    }
    return 0;
  }
}
