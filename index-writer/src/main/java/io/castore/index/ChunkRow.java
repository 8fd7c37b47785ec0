package io.castore.index;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import io.castore.proto.pipeline.ChunkReceipt;
import java.nio.ByteBuffer;

/**
 * What is known of one chunk of an upload. A value of the store {@code upload-chunks}:
 *
 * <pre>
 *   bytes   content
 *   0..31   digest of the chunk
 *   32..35  length of the raw chunk, big-endian
 *   36      0: the store held it before, 1: this upload brought it, 2: the store does not hold it
 * </pre>
 *
 * @param digest the chunk's digest
 * @param size length of the raw chunk, in bytes
 * @param state what the store has of it
 */
record ChunkRow(Digest digest, int size, State state) {
  private static final int LENGTH = Digest.LENGTH + Integer.BYTES + 1;

  /** What the store has of a chunk. */
  enum State {
    DEDUPLICATED(0),
    STORED(1),
    MISSING(2);

    private final byte code;

    State(int code) {
      this.code = (byte) code;
    }

    private static State of(byte code) {
      for (State state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new IllegalStateException(
          "state of a row: " + code + " (expected: 0 to 2; was it written by a newer version?)");
    }
  }

  /**
   * Reads a receipt.
   *
   * @throws UnusableRecordException if it cannot be about a chunk
   */
  static ChunkRow of(ChunkReceipt receipt, State state) throws UnusableRecordException {
    ByteString digest = receipt.getDigest();
    if (digest.size() != Digest.LENGTH) {
      throw new UnusableRecordException(
          "invalid digest length: %d bytes (expected: %d)".formatted(digest.size(), Digest.LENGTH));
    }
    if (receipt.getRawSize() < 1) {
      throw new UnusableRecordException(
          "invalid raw size: %s bytes (expected: 1 or more)"
              .formatted(Integer.toUnsignedString(receipt.getRawSize())));
    }
    return new ChunkRow(Digest.of(digest.toByteArray()), receipt.getRawSize(), state);
  }

  static ChunkRow of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] digest = new byte[Digest.LENGTH];
    buffer.get(digest);
    return new ChunkRow(Digest.of(digest), buffer.getInt(), State.of(buffer.get()));
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH).put(digest.toBytes()).putInt(size).put(state.code).array();
  }

  /** Whether the store holds the chunk. */
  boolean isThere() {
    return state != State.MISSING;
  }

  /** Whether this upload brought the chunk to the store. */
  boolean isNew() {
    return state == State.STORED;
  }

  boolean isOfSameChunk(ChunkRow other) {
    return digest.equals(other.digest) && size == other.size;
  }

  ChunkRef chunk() {
    return new ChunkRef(digest, size);
  }
}
