package io.castore.content.blob;

import java.util.OptionalLong;

/** What the first bytes of a chunk's object tell. */
public sealed interface ChunkStart {
  /**
   * Tells the length of the chunk's raw bytes, in bytes; empty where it has to be read for that.
   */
  OptionalLong size();

  /**
   * They were all of the object, and the chunk has its digest.
   *
   * @param raw the chunk's raw bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Whole(byte[] raw) implements ChunkStart {
    @Override
    public OptionalLong size() {
      return OptionalLong.of(raw.length);
    }
  }

  /**
   * There is more of it, or it is damaged.
   *
   * @param size as the frame states it, for which nothing vouches until the chunk is read
   */
  record Part(OptionalLong size) implements ChunkStart {}
}
