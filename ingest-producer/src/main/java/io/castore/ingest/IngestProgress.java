package io.castore.ingest;

import org.jspecify.annotations.Nullable;

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
 * @param waitsFor for a person, what has to happen before this goes on, such as "3.1 GB wait in
 *     Kafka to be stored"; null where it goes on
 */
public record IngestProgress(
    long bytesRead,
    long bytesStored,
    long complete,
    long failed,
    long bytesComplete,
    long newChunks,
    long newBytes,
    @Nullable String waitsFor) {
  /** Nothing was done yet. */
  public static final IngestProgress NONE = new IngestProgress(0, 0, 0, 0, 0, 0, 0, null);
}
