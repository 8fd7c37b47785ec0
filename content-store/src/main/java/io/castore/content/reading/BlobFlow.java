package io.castore.content.reading;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A part of a blob on its way to one reader, who asks for it piece by piece. Memory is given back
 * when the next piece is asked for, or the flow is closed.
 *
 * <p>Not thread-safe: one call at a time. Its futures are completed on any thread.
 */
public interface BlobFlow extends AutoCloseable {
  /**
   * Gives the next piece: read-only bytes of one verified chunk, at least one byte. The one before
   * must not be used any more from here on. Not to be called while a piece is awaited.
   *
   * <p>Fails with {@link io.castore.content.blob.MissingChunkException} where a chunk is not in the
   * store, {@link io.castore.content.layout.CorruptObjectException} where an object does not hold
   * its chunk, {@link ReadTimeoutException} where there was no memory for it in time, and any other
   * {@link java.io.IOException} where the store cannot be read. After a failure there are no more
   * pieces.
   *
   * @return the piece, or empty at the end
   */
  CompletableFuture<Optional<ByteBuffer>> next();

  /** Gives up what was not asked for yet. A second call does nothing. Never waits. */
  @Override
  void close();
}
