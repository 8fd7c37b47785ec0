package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;

/** What is to become of one chunk record. */
sealed interface ChunkOutcome {
  /**
   * The chunk is not known yet and its bytes are right: they are to be stored.
   *
   * @param digest the chunk's digest, which the bytes were checked against
   * @param rawSize length of the raw chunk, in bytes
   * @param frame the zstd frame to store under the digest
   */
  record New(Digest digest, int rawSize, ObjectBody frame) implements ChunkOutcome {}

  /**
   * The store holds the chunk already.
   *
   * @param digest the chunk's digest
   * @param rawSize length of the raw chunk, in bytes
   * @param byThisRecord whether it was this very record that brought it, so that it is being
   *     delivered again
   * @param toRefresh whether the time when the chunk was last referred to is to be set anew
   */
  record Known(Digest digest, int rawSize, boolean byThisRecord, boolean toRefresh)
      implements ChunkOutcome {}

  /**
   * The record refers to a chunk that is not known. Its bytes are wanted.
   *
   * @param digest the chunk's digest
   */
  record Missing(Digest digest) implements ChunkOutcome {}

  /**
   * The record is at fault and stays so.
   *
   * @param reason says to a person what is wrong with it
   */
  record Rejected(String reason) implements ChunkOutcome {}
}
