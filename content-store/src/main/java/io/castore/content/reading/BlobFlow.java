package io.castore.content.reading;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A part of a blob on its way to one reader, who asks for it piece by piece. Memory is given back
 * when the next piece is asked for, or the flow is closed: who stops asking should close it.
 *
 * <p>Not thread-safe: one call at a time, but {@link #close} may come at any time from any thread.
 * Its futures are completed on any thread; a reader's callback has to be short.
 *
 * <p>Where chunks are cached, the future that is given is complete already, and a callback that is
 * put on it runs at once. So a callback must not ask for the next piece and put itself on that:
 * over many pieces the stack overflows. Take pieces in a loop for as long as their futures are
 * done, and put a callback only on one that is not.
 */
public interface BlobFlow extends AutoCloseable {
  /**
   * Gives the next piece: read-only bytes of one verified chunk, at least one byte. The one before
   * must not be used any more from here on. Not to be called while a piece is awaited.
   *
   * <p>Fails with {@link io.castore.content.blob.MissingChunkException} where a chunk is not in the
   * store, {@link io.castore.content.layout.CorruptObjectException} where an object does not hold
   * its chunk, {@link ReadTimeoutException} where there was no memory for it in time, and any other
   * {@link java.io.IOException} where the store cannot be read or the flow was closed. After a
   * failure there are no more pieces.
   *
   * @return the piece, or empty at the end
   * @throws IllegalStateException if a piece is awaited
   */
  CompletableFuture<Optional<ByteBuffer>> next();

  /** Gives up what was not asked for yet. A second call does nothing. Never waits. */
  @Override
  void close();
}
