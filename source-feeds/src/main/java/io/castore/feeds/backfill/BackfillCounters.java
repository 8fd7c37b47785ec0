package io.castore.feeds.backfill;

import io.castore.ingest.IngestOutcome;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of sources. Safe for use by many threads. */
final class BackfillCounters {
  private final LongAdder listed = new LongAdder();
  private final LongAdder leftOut = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder ingested = new LongAdder();
  private final LongAdder fresh = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder newBytes = new LongAdder();

  void judged(BackfillPlan.Verdict verdict) {
    listed.increment();
    if (verdict == BackfillPlan.Verdict.LEFT_OUT) {
      leftOut.increment();
    } else if (verdict == BackfillPlan.Verdict.UNCHANGED) {
      skipped.increment();
    }
  }

  void complete(IngestOutcome.Complete blob) {
    ingested.increment();
    bytes.add(blob.size());
    newBytes.add(blob.newBytes());
    if (blob.newBytes() > 0) {
      fresh.increment();
    }
  }

  void failed() {
    failed.increment();
  }

  BackfillProgress progress() {
    return new BackfillProgress(
        listed.sum(),
        leftOut.sum(),
        skipped.sum(),
        ingested.sum(),
        fresh.sum(),
        failed.sum(),
        bytes.sum(),
        newBytes.sum());
  }
}
