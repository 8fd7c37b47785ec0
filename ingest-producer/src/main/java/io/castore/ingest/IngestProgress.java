package io.castore.ingest;

/**
 * How far an {@link Ingester} has come.
 *
 * @param bytesRead bytes that were read from sources
 * @param bytesStored bytes of the chunks that the store holds by now, as far as is known
 * @param complete sources whose blobs are readable
 * @param failed sources that failed
 * @param bytesComplete bytes of the readable blobs
 * @param newChunks chunks that the store did not hold before
 * @param newBytes raw bytes of the new chunks
 */
public record IngestProgress(
    long bytesRead,
    long bytesStored,
    long complete,
    long failed,
    long bytesComplete,
    long newChunks,
    long newBytes) {}
