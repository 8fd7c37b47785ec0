package io.castore.audit.table;

import java.nio.ByteBuffer;

/** Puts keys and values of tables together. Numbers are big-endian, so that they sort. */
public final class Bytes {
  private Bytes() {}

  /** Puts arrays one after another. */
  public static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }

  /** Gives the 8 bytes of a number. */
  public static byte[] of(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /** Gives the 4 bytes of a number. */
  public static byte[] of(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
