package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.StoredChunk;
import org.jspecify.annotations.Nullable;

/** What is to become of one chunk record. */
sealed interface ChunkOutcome {
  /** Whether the store holds the chunk, or is going to. */
  default boolean isThere() {
    return this instanceof New || this instanceof Known;
  }

  /**
   * The chunk is not known yet and its bytes are right: they are to be stored.
   *
   * @param digest the chunk's digest, which the bytes were checked against
   * @param rawSize length of the raw chunk, in bytes
   * @param frame the zstd frame to store under the digest
   */
  record New(Digest digest, int rawSize, ObjectBody frame) implements ChunkOutcome {
    /**
     * Makes the entry that the chunk gets when it is stored.
     *
     * @param at where the record stands that brought it
     * @param before the entry that it replaces; when that was last used is not forgotten
     */
    StoredChunk entry(RecordPosition at, @Nullable StoredChunk before) {
      return StoredChunk.newBuilder()
          .setSource(at)
          .setStoredSize(Math.toIntExact(frame.size()))
          .setRawSize(rawSize)
          .setReferredOffset(before == null ? 0 : ChunkEntries.lastUse(before))
          .build();
    }
  }

  /**
   * The store holds the chunk already.
   *
   * @param digest the chunk's digest
   * @param rawSize length of the raw chunk, in bytes
   * @param byThisRecord whether it was this very record that brought it, so that it is being
   *     delivered again
   */
  record Known(Digest digest, int rawSize, boolean byThisRecord) implements ChunkOutcome {}

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
