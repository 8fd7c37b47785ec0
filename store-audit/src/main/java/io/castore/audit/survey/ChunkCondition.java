package io.castore.audit.survey;

import io.castore.content.digest.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is known of a chunk that is, or should be, in the store. */
public sealed interface ChunkCondition {
  /**
   * It was read and has its digest.
   *
   * @param size of its raw bytes
   */
  record Whole(int size) implements ChunkCondition {}

  /**
   * There is an object, which was not read.
   *
   * @param size of its raw bytes, as it says itself; {@value #UNKNOWN} where nobody looked
   */
  record Unread(int size) implements ChunkCondition {
    /** Where nobody looked. */
    public static final int UNKNOWN = -1;
  }

  /**
   * There is an object that does not hold it.
   *
   * @param reason for people
   */
  record Damaged(String reason) implements ChunkCondition {}

  /** There is no object. */
  record Missing() implements ChunkCondition {}

  /** Takes chunks and what is known of them. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    /** Takes the next one; an exception ends the visit and reaches its caller. */
    void visit(Digest chunk, ChunkCondition condition) throws E;
  }

  /** Gives this as bytes for a table. */
  default byte[] toBytes() {
    if (this instanceof Whole whole) {
      return numbered('W', whole.size());
    }
    if (this instanceof Unread unread) {
      return numbered('U', unread.size());
    }
    if (this instanceof Damaged damaged) {
      return ("D" + damaged.reason()).getBytes(StandardCharsets.UTF_8);
    }
    return new byte[] {'M'};
  }

  private static byte[] numbered(char kind, int number) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put((byte) kind).putInt(number).array();
  }

  /** Reads what {@link #toBytes} gave. */
  static ChunkCondition of(byte[] bytes) {
    return switch (bytes[0]) {
      case 'W' -> new Whole(ByteBuffer.wrap(bytes).getInt(1));
      case 'U' -> new Unread(ByteBuffer.wrap(bytes).getInt(1));
      case 'D' -> new Damaged(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
      default -> new Missing();
    };
  }
}
