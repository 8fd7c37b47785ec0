package io.castore.content.layout;

import io.castore.content.digest.Digest;

/**
 * Names a chunk and tells its length.
 *
 * @param digest of the raw chunk
 * @param size length of the raw chunk, in bytes, at least 1
 */
public record ChunkRef(Digest digest, long size) {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public ChunkRef {
    if (size < 1) {
      throw new IllegalArgumentException(
          "size of chunk " + digest + ": " + size + " bytes (expected: at least 1)");
    }
  }
}
