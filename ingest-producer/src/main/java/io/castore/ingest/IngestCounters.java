package io.castore.ingest;

import io.castore.proto.pipeline.UploadStatus;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what an {@link Ingester} does. Safe for use by many threads. */
final class IngestCounters {
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder complete = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder bytesComplete = new LongAdder();
  private final LongAdder bytesStored = new LongAdder();
  private final LongAdder newChunks = new LongAdder();
  private final LongAdder newBytes = new LongAdder();

  /** A chunk was read. */
  void read(long bytes) {
    bytesRead.add(bytes);
  }

  /** An upload has come further. */
  void advance(UploadStatus from, UploadStatus to) {
    bytesStored.add(to.getBytesReceived() - from.getBytesReceived());
    newChunks.add(to.getNewChunks() - from.getNewChunks());
    newBytes.add(to.getNewBytes() - from.getNewBytes());
  }

  /** A source has come to its end; null where nobody can say which. */
  void end(@Nullable IngestOutcome outcome) {
    if (outcome instanceof IngestOutcome.Complete blob) {
      complete.increment();
      bytesComplete.add(blob.size());
    } else {
      failed.increment();
    }
  }

  /**
   * Gives what was counted by now.
   *
   * @param waitsFor what this waits for, if it does
   */
  IngestProgress progress(@Nullable String waitsFor) {
    return new IngestProgress(
        bytesRead.sum(),
        bytesStored.sum(),
        complete.sum(),
        failed.sum(),
        bytesComplete.sum(),
        newChunks.sum(),
        newBytes.sum(),
        waitsFor);
  }
}
