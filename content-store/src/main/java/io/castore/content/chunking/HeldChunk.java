package io.castore.content.chunking;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;

/**
 * A chunk where it was read to, as long as its buffer is held.
 *
 * <p>Safe for use by many threads: nobody writes to the buffer.
 */
final class HeldChunk {
  private final byte[] buffer;
  private final int offset;
  private final int length;
  private volatile boolean takenIn;

  HeldChunk(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  Digest digest() {
    return Blake3.hash(buffer, offset, length);
  }

  <T> T encode(Digest digest, ContentSplitter.ChunkEncoder<T> encoder) {
    return encoder.encode(digest, buffer, offset, length);
  }

  /** Adds this to the digest of the whole. */
  void takeInto(Blake3 whole) {
    whole.update(buffer, offset, length);
    takenIn = true;
  }

  /** Tells whether the digest of the whole has this. */
  boolean isTakenIn() {
    return takenIn;
  }
}
