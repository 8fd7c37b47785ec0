package io.castore.content.chunking;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The 256 numbers that FastCDC's hash sums up, one for each value of a byte: the first 8 bytes,
 * big-endian, of MD5 over 64 copies of the byte.
 */
final class GearTable {
  private static final long[] UNSEEDED = unseeded();

  private GearTable() {}

  /** Makes a table of its own for the caller. */
  static long[] of(long seed) {
    return Arrays.stream(UNSEEDED).map(gear -> gear ^ seed).toArray();
  }

  private static long[] unseeded() {
    MessageDigest md5;
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
    long[] table = new long[256];
    byte[] copies = new byte[64];
    for (int value = 0; value < table.length; value++) {
      Arrays.fill(copies, (byte) value);
      table[value] = ByteBuffer.wrap(md5.digest(copies)).getLong();
    }
    return table;
  }
}
