package io.castore.cli.command;

import io.castore.blobs.StoredBlob;
import io.castore.cli.progress.ProgressText;
import io.castore.ingest.IngestProgress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what a {@link ServerIngest} does. Safe for use by many threads. */
final class ServerIngestCounters {
  private final LongAdder read = new LongAdder();
  private final LongAdder onTheirWay = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder complete = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder newChunks = new LongAdder();
  private final LongAdder newBytes = new LongAdder();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Bytes were read, to be sent or to find out whether they are there. */
  void read(long bytes) {
    read.add(bytes);
  }

  /** Bytes are being sent; fewer than none when they have come or are given up. */
  void sending(long bytes) {
    onTheirWay.add(bytes);
  }

  /** The service has a blob by now. */
  void stored(StoredBlob blob) {
    complete.increment();
    stored.add(blob.size());
    newChunks.add(blob.newChunks());
    newBytes.add(blob.newBytes());
  }

  void failed() {
    failed.increment();
  }

  /** A source begins to wait until the service takes it. */
  void waits() {
    waiting.incrementAndGet();
  }

  /** It does so no longer. */
  void goesOn() {
    waiting.decrementAndGet();
  }

  IngestProgress progress() {
    return new IngestProgress(
        read.sum(),
        stored.sum(),
        complete.sum(),
        failed.sum(),
        stored.sum(),
        newChunks.sum(),
        newBytes.sum(),
        waitsFor());
  }

  private @Nullable String waitsFor() {
    if (waiting.get() > 0) {
      return "the service takes no more for now";
    }
    long sent = onTheirWay.sum();
    return sent == 0 ? null : ProgressText.bytes(sent) + " on their way to the service";
  }
}
