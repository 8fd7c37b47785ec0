package io.castore.blobs;

import java.io.IOException;

/** Verified chunks of a blob, one after the other. Not thread-safe. */
interface ChunkStream extends AutoCloseable {
  /**
   * Gives the next chunk's raw bytes, as many as the list says. Not to be called after the last.
   *
   * @throws IOException if it cannot be had; the stream is of no use any more then
   */
  byte[] next() throws IOException;

  /** Gives up what was not asked for. A second call does nothing. */
  @Override
  void close();
}
