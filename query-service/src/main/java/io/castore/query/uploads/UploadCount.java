package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts uploads for who asks. Every upload is looked at, so what was counted is given again until
 * a pause is over that grows with what counting took: it takes a twentieth of a core at most,
 * however many ask and however many uploads there are.
 *
 * <p>Safe for use by many threads; one counts, and the others wait for it.
 */
final class UploadCount {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int PAUSE_FACTOR = 20;

  private @Nullable CountedUploads last;
  private long nextNanos;

  /**
   * Counts what a store holds.
   *
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException if the store is closed
   */
  synchronized CountedUploads of(ReadOnlyKeyValueStore<UploadId, UploadStatus> store) {
    long start = System.nanoTime();
    if (last != null && start - nextNanos < 0) {
      return last;
    }
    try (KeyValueIterator<UploadId, UploadStatus> rows = store.all()) {
      last = new CountedUploads(UploadTotals.of(() -> statuses(rows)), Instant.now());
    }
    long end = System.nanoTime();
    nextNanos = end + Math.max(SHORTEST_PAUSE.toNanos(), PAUSE_FACTOR * (end - start));
    return last;
  }

  private static Iterator<UploadStatus> statuses(KeyValueIterator<UploadId, UploadStatus> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public UploadStatus next() {
        return rows.next().value;
      }
    };
  }
}
