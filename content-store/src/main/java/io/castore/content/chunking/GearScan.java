package io.castore.content.chunking;

/**
 * Passes over bytes at which no chunk ends, several at a time. Nearly all of {@link FastCdc}'s work
 * is done here.
 *
 * <p>The rule shifts the hash at every byte, {@code h = 2h + gear}. On some compilers those are two
 * instructions of which one waits for the other, and that wait is what the speed depends on. The
 * published algorithm shifts by two at every second byte instead; this shifts by three at every
 * third. In between the hash stands at four times and at twice the rule's, and so do the gear and
 * the mask that it meets there. Nothing is lost at the top, where masks have no bits.
 *
 * <p>Whether one of twelve hashes meets its mask is a single condition. Which one it was is for the
 * caller to find out, who needs it once a chunk.
 *
 * <p>The gear tables are one constant array, so that the compiler sees that no index is outside it.
 * A seeded gear could not be.
 */
final class GearScan {
  /**
   * How many bytes a cut depends on: a byte is shifted by one at each byte after it, and the bits
   * of all masks are among the lowest 48.
   */
  static final int WINDOW = 48;

  private static final int STEP = 12;
  private static final int SECOND = 256;
  private static final int THIRD = 512;

  /** The gear table four times as high, twice as high, and as it is. */
  private static final long[] GEARS = gears();

  private GearScan() {}

  /**
   * Gives a place before which the mask is not met. Less than {@value #STEP} bytes further on it is
   * met, or the end is reached.
   *
   * @param from where to begin
   * @param to where to end
   * @param hash the hash of the bytes before {@code from}, its lowest {@value #WINDOW} bits at
   *     least
   * @param mask has bits among the lowest {@value #WINDOW} only
   */
  static int skip(byte[] bytes, int from, int to, long hash, long mask) {
    long mask4 = mask << 2;
    long mask2 = mask << 1;
    int at = from;
    for (; at <= to - STEP; at += STEP) {
      long h1 = (hash << 3) + GEARS[bytes[at] & 0xff];
      long h2 = h1 + GEARS[SECOND + (bytes[at + 1] & 0xff)];
      long h3 = h2 + GEARS[THIRD + (bytes[at + 2] & 0xff)];
      long h4 = (h3 << 3) + GEARS[bytes[at + 3] & 0xff];
      long h5 = h4 + GEARS[SECOND + (bytes[at + 4] & 0xff)];
      long h6 = h5 + GEARS[THIRD + (bytes[at + 5] & 0xff)];
      long h7 = (h6 << 3) + GEARS[bytes[at + 6] & 0xff];
      long h8 = h7 + GEARS[SECOND + (bytes[at + 7] & 0xff)];
      long h9 = h8 + GEARS[THIRD + (bytes[at + 8] & 0xff)];
      long h10 = (h9 << 3) + GEARS[bytes[at + 9] & 0xff];
      long h11 = h10 + GEARS[SECOND + (bytes[at + 10] & 0xff)];
      long h12 = h11 + GEARS[THIRD + (bytes[at + 11] & 0xff)];
      if ((h1 & mask4) == 0
          || (h2 & mask2) == 0
          || (h3 & mask) == 0
          || (h4 & mask4) == 0
          || (h5 & mask2) == 0
          || (h6 & mask) == 0
          || (h7 & mask4) == 0
          || (h8 & mask2) == 0
          || (h9 & mask) == 0
          || (h10 & mask4) == 0
          || (h11 & mask2) == 0
          || (h12 & mask) == 0) {
        break;
      }
      hash = h12;
    }
    return at;
  }

  private static long[] gears() {
    long[] gears = new long[THIRD + 256];
    long[] gear = GearTable.of(0);
    for (int value = 0; value < gear.length; value++) {
      gears[value] = gear[value] << 2;
      gears[SECOND + value] = gear[value] << 1;
      gears[THIRD + value] = gear[value];
    }
    return gears;
  }
}
