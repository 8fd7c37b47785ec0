package io.castore.content.reading;

import io.castore.content.layout.ChunkList;

/** What a digest names, as far as looking for it tells. */
sealed interface Found {
  /** Tells how much memory this takes in a cache, in bytes; about. */
  long memoryBytes();

  /**
   * The chunks of a blob.
   *
   * @param list the blob's
   */
  record Chunks(ChunkList list) implements Found {
    /** What an entry takes beside the chunks. */
    static final int ENTRY_BYTES = 400;

    @Override
    public long memoryBytes() {
      return ENTRY_BYTES + list.memoryBytes();
    }
  }

  /** A chunk whose size cannot be told before it is read. */
  record ChunkOfUnknownSize() implements Found {
    @Override
    public long memoryBytes() {
      return Chunks.ENTRY_BYTES;
    }
  }
}
