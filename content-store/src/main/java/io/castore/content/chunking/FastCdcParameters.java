package io.castore.content.chunking;

/**
 * All that FastCDC can be told. Castore itself uses only what {@link #of(ChunkSizes)} gives; the
 * rest is there so that the algorithm can be held against other programs' results.
 *
 * @param minBytes length up to which nothing is cut
 * @param averageBytes length from which on cuts become likely
 * @param maxBytes length at which a chunk is cut whatever it holds
 * @param level normalization level: how many bits the masks before and after the average differ
 *     from it; the higher, the closer lengths keep to the average
 * @param gearSeed changes every entry of the gear table, 0 for none
 */
public record FastCdcParameters(
    int minBytes, int averageBytes, int maxBytes, int level, long gearSeed) {
  private static final int LARGEST_MAX_BYTES = 1 << 28;

  /**
   * Checks that the lengths are in order and that there are masks for the average and the level.
   *
   * @throws IllegalArgumentException if they are not
   */
  public FastCdcParameters {
    if (minBytes < 2
        || minBytes > averageBytes
        || averageBytes > maxBytes
        || maxBytes > LARGEST_MAX_BYTES) {
      throw new IllegalArgumentException(
          "chunk sizes: min %d, average %d, max %d (expected: 2 <= min <= average <= max <= %d)"
              .formatted(minBytes, averageBytes, maxBytes, LARGEST_MAX_BYTES));
    }
    int bits = roundedLog2(averageBytes);
    if (level < 0 || bits + level > CutMasks.MOST_BITS || bits - level < CutMasks.FEWEST_BITS) {
      throw new IllegalArgumentException(
          "normalization level: %d at an average of %d bytes (expected: masks of %d to %d bits)"
              .formatted(level, averageBytes, CutMasks.FEWEST_BITS, CutMasks.MOST_BITS));
    }
  }

  /** Gives what castore cuts with: level 1, no seed. */
  public static FastCdcParameters of(ChunkSizes sizes) {
    return new FastCdcParameters(sizes.minBytes(), sizes.averageBytes(), sizes.maxBytes(), 1, 0);
  }

  /** Gives the mask that is in force up to the average. Harder to meet than the other. */
  long maskBeforeAverage() {
    return CutMasks.ofBits(roundedLog2(averageBytes) + level);
  }

  /** Gives the mask that is in force from the average on. */
  long maskAfterAverage() {
    return CutMasks.ofBits(roundedLog2(averageBytes) - level);
  }

  private static int roundedLog2(int value) {
    int floor = 31 - Integer.numberOfLeadingZeros(value);
    // Rounds up from 2^(floor + 1/2) on, compared as squares.
    boolean up = (long) value * value >= 1L << (2 * floor + 1);
    return up ? floor + 1 : floor;
  }
}
