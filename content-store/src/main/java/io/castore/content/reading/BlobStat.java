package io.castore.content.reading;

import io.castore.content.layout.ChunkList;

/** What a digest names in a store. */
public sealed interface BlobStat {
  /** Neither a blob nor a chunk. */
  record Absent() implements BlobStat {}

  /** A chunk, a blob of a single chunk, or the empty blob: there is no list. */
  record Whole() implements BlobStat {}

  /**
   * A blob of two chunks or more.
   *
   * @param chunks the blob's
   */
  record Listed(ChunkList chunks) implements BlobStat {}
}
