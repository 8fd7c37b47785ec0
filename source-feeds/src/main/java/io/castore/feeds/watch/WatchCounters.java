package io.castore.feeds.watch;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a watch does. Safe for use by many threads. */
final class WatchCounters {
  final LongAdder events = new LongAdder();
  final LongAdder others = new LongAdder();
  final LongAdder files = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder deadLetters = new LongAdder();
  private final LongAdder ingested = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder vanished = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile long lag;

  void ended(WatchResult result) {
    if (result instanceof WatchResult.Ingested blob) {
      ingested.increment();
      bytes.add(blob.bytes());
    } else if (result instanceof WatchResult.Skipped) {
      skipped.increment();
    } else if (result instanceof WatchResult.Failed failure) {
      switch (failure.fault()) {
        case VANISHED -> vanished.increment();
        case DENIED -> denied.increment();
        case REFUSED, TEMPORARY -> failed.increment();
      }
    }
  }

  /** A file was gone before it had come to rest. */
  void vanished() {
    vanished.increment();
  }

  /** Something of a directory is not given to us. */
  void denied() {
    denied.increment();
  }

  void lag(long records) {
    lag = records;
  }

  WatchProgress progress(int inFlight) {
    return new WatchProgress(
        events.sum(),
        others.sum(),
        files.sum(),
        ingested.sum(),
        bytes.sum(),
        skipped.sum(),
        vanished.sum(),
        denied.sum(),
        malformed.sum(),
        failed.sum(),
        deadLetters.sum(),
        inFlight,
        lag);
  }
}
