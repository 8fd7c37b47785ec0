package io.castore.blobs;

import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * Blobs by the digest of their content: for programs in the JVM, what the blob service is for
 * others.
 *
 * <p>Safe for use by many threads; channels and writers are not.
 */
public interface Blobs extends AutoCloseable {
  /**
   * Tells whether a blob, or a chunk, can be read. The empty blob always can.
   *
   * @throws IOException if that cannot be found out
   */
  boolean has(Digest digest) throws IOException;

  /**
   * Opens a blob, or a chunk. The channel cannot be written to. Its position can be set beyond the
   * end, where reads give the end of the stream. Every chunk is verified before a byte of it is
   * given.
   *
   * @return empty where there is none of that digest
   * @throws IOException if it cannot be read
   */
  Optional<SeekableByteChannel> openRead(Digest digest) throws IOException;

  /**
   * Begins to write a blob, whose digest is known when it is whole.
   *
   * @throws IOException if it cannot be written
   */
  BlobWriter openWrite() throws IOException;

  /**
   * Gives the chunks that a blob consists of: none for the empty blob, and one for a chunk or a
   * blob of a single chunk.
   *
   * @return empty where there is none of that digest
   * @throws IOException if that cannot be found out
   */
  Optional<ChunkList> chunks(Digest digest) throws IOException;

  /** Gives up what it holds. Writers that were not closed are aborted. */
  @Override
  void close();
}
