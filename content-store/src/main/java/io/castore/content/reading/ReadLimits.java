package io.castore.content.reading;

import java.time.Duration;

/**
 * What reading for many at once may take.
 *
 * @param chunkCacheBytes memory for chunks that were read lately
 * @param listCacheBytes memory for chunk lists that were read lately, and so the longest list.
 *     Lists that are being read, and long ones that are being used, take up to as much again, each
 * @param readMemoryBytes memory for chunks on their way to readers, over all of them
 * @param readAheadChunks chunks that are read ahead of what a reader has taken, memory permitting
 * @param threads reads of the store at a time
 * @param patience how long a read waits for memory, a thread and the store
 */
public record ReadLimits(
    long chunkCacheBytes,
    long listCacheBytes,
    long readMemoryBytes,
    int readAheadChunks,
    int threads,
    Duration patience) {
  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is negative, or there is no thread or no patience
   */
  public ReadLimits {
    if (chunkCacheBytes < 0
        || listCacheBytes < 0
        || readMemoryBytes < 0
        || readAheadChunks < 0
        || threads < 1
        || patience.isNegative()
        || patience.isZero()) {
      throw new IllegalArgumentException(
          ("limits of reading: %d bytes of chunks, %d of lists, %d on the way, %d chunks ahead, %d"
                  + " threads, %d ms (expected: nothing negative, a thread and a millisecond)")
              .formatted(
                  chunkCacheBytes,
                  listCacheBytes,
                  readMemoryBytes,
                  readAheadChunks,
                  threads,
                  patience.toMillis()));
    }
  }
}
