package io.castore.content.reading;

import java.time.Duration;

/**
 * What reading for many at once may take.
 *
 * @param chunkCacheBytes memory for chunks that were read lately
 * @param listCacheBytes memory for chunk lists that were read lately, and so the longest list
 * @param readMemoryBytes memory for chunks on their way to readers, over all of them
 * @param readAheadChunks chunks that are read ahead of what a reader has taken, memory permitting
 * @param threads reads of the store at a time
 * @param patience how long a read waits for memory or a thread
 */
public record ReadLimits(
    long chunkCacheBytes,
    long listCacheBytes,
    long readMemoryBytes,
    int readAheadChunks,
    int threads,
    Duration patience) {}
