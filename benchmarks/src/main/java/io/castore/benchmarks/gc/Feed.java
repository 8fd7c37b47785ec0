package io.castore.benchmarks.gc;

import io.castore.ingest.IngestOutcome;
import io.castore.ingest.Ingester;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Ingests files as quickly as they are taken. */
final class Feed {
  private static final int MOST_FAILURES_TOLD = 10;
  private static final long DRAIN_MINUTES = 10;

  private final Ingester ingester;
  private final FileMix files;
  private final Ledger ledger;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder complete = new LongAdder();
  private final LongAdder newBytes = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final Phaser underWay = new Phaser(1);

  Feed(Ingester ingester, FileMix files, Ledger ledger) {
    this.ingester = ingester;
    this.files = files;
    this.ledger = ledger;
  }

  /**
   * What came of it.
   *
   * @param bytes of the complete files
   * @param newBytes of the chunks that the store did not have
   * @param nanos until the last file was readable
   */
  record Result(long files, long bytes, long newBytes, long failed, long nanos) {
    double megabytesPerSecond() {
      return bytes / 1e6 / (nanos / 1e9);
    }

    double filesPerSecond() {
      return files / (nanos / 1e9);
    }
  }

  /** Ingests for some time, and then waits until all is readable. */
  Result runFor(long seconds) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
      submit(files.next());
    }
    return finish(start);
  }

  /** Ingests some files, and waits until they are readable. */
  Result runThrough(long count) throws Exception {
    long start = System.nanoTime();
    for (long file = 0; file < count; file++) {
      submit(files.next());
    }
    return finish(start);
  }

  private void submit(GeneratedFile file) throws InterruptedException {
    int unusedPhase = underWay.register();
    long begin = System.nanoTime();
    CompletableFuture<?> unused =
        ingester
            .submit(file)
            .whenComplete(
                (outcome, failure) -> {
                  take(file, outcome, failure, begin);
                  int unusedArrival = underWay.arriveAndDeregister();
                });
  }

  private void take(
      GeneratedFile file,
      @Nullable IngestOutcome outcome,
      @Nullable Throwable failure,
      long begin) {
    if (outcome instanceof IngestOutcome.Complete done) {
      ledger.complete(done.digest(), begin, System.nanoTime());
      complete.increment();
      bytes.add(done.size());
      newBytes.add(done.newBytes());
      return;
    }
    failed.increment();
    if (failures.size() < MOST_FAILURES_TOLD) {
      failures.add(file.name() + ": " + (failure == null ? outcome : failure));
    }
  }

  private Result finish(long start) throws Exception {
    int unused =
        underWay.awaitAdvanceInterruptibly(underWay.arrive(), DRAIN_MINUTES, TimeUnit.MINUTES);
    long nanos = System.nanoTime() - start;
    failures.forEach(one -> System.err.println("not ingested: " + one));
    return new Result(complete.sum(), bytes.sum(), newBytes.sum(), failed.sum(), nanos);
  }
}
