package io.castore.content.reading;

/**
 * What reading has done so far, and what it holds now. Numbers that only grow are counted from the
 * start; they need not be of the same instant.
 *
 * @param chunkHits chunks that were in the cache when they were wanted; grows
 * @param chunkMisses chunks that were not; grows
 * @param listHits lookups of blobs that the cache answered; grows
 * @param listMisses lookups that it did not; grows
 * @param storeBytes bytes that were read from the store; grows
 * @param corruptObjects objects that did not hold what their keys promise, each time that one was
 *     read; grows
 * @param missingChunks chunks of a blob that were not in the store, each time that one was wanted;
 *     grows
 * @param memoryWaits reads that had to wait for memory; grows
 * @param timeouts reads that were given up because they waited too long; grows
 * @param chunkCacheBytes memory that cached chunks take now
 * @param listCacheBytes memory that cached lists take now
 * @param memoryBytes memory that chunks on their way to readers take now
 * @param memoryPeakBytes the most that it ever was
 * @param memoryWaiting reads that wait for memory now
 * @param openFlows flows that were opened and have neither ended nor failed nor been closed
 */
public record ReadStats(
    long chunkHits,
    long chunkMisses,
    long listHits,
    long listMisses,
    long storeBytes,
    long corruptObjects,
    long missingChunks,
    long memoryWaits,
    long timeouts,
    long chunkCacheBytes,
    long listCacheBytes,
    long memoryBytes,
    long memoryPeakBytes,
    int memoryWaiting,
    int openFlows) {}
