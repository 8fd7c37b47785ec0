package io.castore.query.sharing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.CachedBlobs;
import io.castore.query.uploads.KnownBlob;
import io.castore.query.uploads.KnownBlobs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks for blobs that share chunks with one, among those that were uploaded last, and tells how
 * far it looked: so many blobs, chunks and seconds, and no more.
 *
 * <p>Safe for use by many threads.
 */
final class SharingSearch {
  private final CachedBlobs blobs;
  private final Bounds bounds;

  /**
   * How far one search goes.
   *
   * @param blobs that are looked at
   * @param chunks that these may have together; a blob that would go past it is left out
   * @param time after which no other blob is looked at
   */
  record Bounds(int blobs, long chunks, Duration time) {}

  /** Reads chunk lists from {@code blobs}, which stays the caller's to close. */
  SharingSearch(CachedBlobs blobs, Bounds bounds) {
    this.blobs = blobs;
    this.bounds = bounds;
  }

  /** Looks for blobs that share chunks with one. Keeps its thread waiting for the store. */
  ObjectNode search(ChunkList own, KnownBlobs known) throws InterruptedException {
    long deadline = System.nanoTime() + bounds.time().toNanos();
    Overlap overlap = new Overlap(own);
    int looked = 0;
    int leftOut = 0;
    long chunks = 0;
    for (KnownBlob other : known.blobs()) {
      if (other.digest().equals(own.blob()) || other.chunks() == 0) {
        continue;
      }
      long left = deadline - System.nanoTime();
      if (other.chunks() == 1) {
        overlap.addSingle(other);
      } else {
        Optional<ChunkList> list =
            left <= 0 || chunks + other.chunks() > bounds.chunks()
                ? Optional.empty()
                : list(other, left);
        if (list.isEmpty()) {
          leftOut++;
          continue;
        }
        overlap.add(other, list.get());
      }
      looked++;
      chunks += other.chunks();
    }
    ObjectNode json = overlap.json();
    json.putObject("looked_at").put("blobs", looked).put("chunks", chunks);
    return json.put("left_out", leftOut)
        .put("whole", known.areAll() && leftOut == 0 && own.count() <= Overlap.MOST_CHUNKS);
  }

  /** Gives a list, or nothing where it cannot be read, or not in time. */
  private Optional<ChunkList> list(KnownBlob blob, long patienceNanos) throws InterruptedException {
    try {
      return blobs.find(blob.digest()).get(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException unreadable) {
      return Optional.empty();
    }
  }
}
