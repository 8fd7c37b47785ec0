package io.castore.ingest;

/**
 * How far an {@link Ingester} has come.
 *
 * @param bytesRead bytes that were read from sources
 * @param complete sources whose blobs are readable
 * @param failed sources that failed
 * @param bytesComplete bytes of the readable blobs
 * @param newChunks chunks among those that the store did not hold before
 * @param newBytes raw bytes of the new chunks
 */
public record IngestProgress(
    long bytesRead,
    long complete,
    long failed,
    long bytesComplete,
    long newChunks,
    long newBytes) {}
