package io.castore.content.reading;

import com.github.benmanes.caffeine.cache.Ticker;
import io.castore.content.blob.BlobReader;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.content.objectstore.ObjectReader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads blobs for many at once, within the memory of its {@link ReadLimits} however many they are
 * and however slow. Every chunk that is given was checked against its digest. For a single reader
 * {@link BlobReader} does.
 *
 * <p>What is read lately is kept: chunks by their bytes, and what digests name for a minute. That a
 * digest names nothing is never kept, and never an answer from before the question: what was
 * written is read at once.
 *
 * <p>Memory beyond the limits: each thread holds the frame that it reads and the chunk that comes
 * of it, 9 MiB for the largest chunk and about as much as the chunk for others.
 *
 * <p>Safe for use by many threads. No call blocks. A future is completed on a thread that reads the
 * store, or on the caller's, so what hangs on it has to be short. It fails with the exceptions that
 * are named, or with one as the cause of a {@link java.util.concurrent.CompletionException}:
 *
 * <ul>
 *   <li>{@link MissingChunkException} where a chunk of a blob is not in the store
 *   <li>{@link CorruptObjectException} where an object does not hold what its key promises
 *   <li>{@link TooManyChunksException} where the list is longer than {@link
 *       ReadLimits#listCacheBytes} allows
 *   <li>{@link ReadTimeoutException} where the answer did not come within {@link
 *       ReadLimits#patience}
 *   <li>any other {@link java.io.IOException} where the store cannot be read, or this was closed
 * </ul>
 */
public final class CachedBlobs implements AutoCloseable {
  private final ReadEngine engine;

  private CachedBlobs(ReadEngine engine) {
    this.engine = engine;
  }

  /**
   * Reads from a store, which stays the caller's.
   *
   * @param limits what reading may take
   */
  public static CachedBlobs open(ObjectReader store, ReadLimits limits) {
    return open(store, limits, Ticker.systemTicker());
  }

  static CachedBlobs open(ObjectReader store, ReadLimits limits, Ticker ticker) {
    return new CachedBlobs(new ReadEngine(store, limits, ticker));
  }

  /**
   * Finds out what a digest names, without reading a chunk: its first bytes at the most. A chunk
   * that is there counts as whole, even where its object is damaged. The empty blob is always
   * there.
   */
  public CompletableFuture<BlobStat> stat(Digest digest) {
    if (digest.equals(Digest.EMPTY)) {
      return CompletableFuture.completedFuture(new BlobStat.Whole());
    }
    return engine.found().find(digest).thenApply(CachedBlobs::statOf);
  }

  private static BlobStat statOf(Optional<Found> found) {
    if (found.isEmpty()) {
      return new BlobStat.Absent();
    }
    return found.get() instanceof Found.Chunks chunks && chunks.list().count() > 1
        ? new BlobStat.Listed(chunks.list())
        : new BlobStat.Whole();
  }

  /**
   * Finds what a digest names: a blob, or a chunk, which counts as a blob of one chunk. The empty
   * blob is always found.
   *
   * <p>The size of a single chunk comes from its frame's header where that states it, and proves
   * true or false when the chunk is read. Where the header does not state it, the chunk is read.
   *
   * @return its chunks, or empty where the store has neither a blob nor a chunk of that digest
   */
  public CompletableFuture<Optional<ChunkList>> find(Digest digest) {
    return digest.equals(Digest.EMPTY)
        ? CompletableFuture.completedFuture(Optional.of(ChunkList.of(digest)))
        : engine.found().findChunks(digest);
  }

  /**
   * Opens a part of a blob's content, which reads nothing yet. Only the chunks that hold the part
   * are read. The caller closes the flow.
   *
   * @param blob what {@link #find} or {@link #stat} gave
   * @param offset where the part starts, in bytes
   * @param length how long it is, in bytes
   * @throws IllegalArgumentException if the part is not within the blob
   */
  public BlobFlow open(ChunkList blob, long offset, long length) {
    if (offset < 0 || length < 0 || length > blob.size() - offset) {
      throw new IllegalArgumentException(
          "offset: %d, length: %d (expected: within the blob's %d bytes)"
              .formatted(offset, length, blob.size()));
    }
    return engine.open(blob, offset, length);
  }

  /** Tells what was read so far, and what is held now. */
  public ReadStats stats() {
    return engine.stats();
  }

  /** Closes all flows and ends the threads. Does not wait for reads that are under way. */
  @Override
  public void close() {
    engine.close();
  }
}
