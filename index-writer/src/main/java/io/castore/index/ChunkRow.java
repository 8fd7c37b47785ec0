package io.castore.index;

import io.castore.content.digest.Digest;
import java.nio.ByteBuffer;

/**
 * What is known of one chunk of an upload. A value of the store {@code upload-chunks}:
 *
 * <pre>
 *   bytes   content
 *   0..31   digest of the chunk
 *   32..35  length of the raw chunk, big-endian
 *   36      1 where the store did not hold the chunk before, else 0
 * </pre>
 *
 * @param digest the chunk's digest
 * @param size length of the raw chunk, in bytes
 * @param isNew whether this upload brought the chunk to the store
 */
record ChunkRow(Digest digest, int size, boolean isNew) {
  private static final int LENGTH = Digest.LENGTH + Integer.BYTES + 1;

  static ChunkRow of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] digest = new byte[Digest.LENGTH];
    buffer.get(digest);
    return new ChunkRow(Digest.of(digest), buffer.getInt(), buffer.get() == 1);
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH)
        .put(digest.toBytes())
        .putInt(size)
        .put((byte) (isNew ? 1 : 0))
        .array();
  }
}
