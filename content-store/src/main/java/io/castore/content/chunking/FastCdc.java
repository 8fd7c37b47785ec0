package io.castore.content.chunking;

import java.util.Objects;

/**
 * Finds where chunks end, from the bytes alone. The cuts are those of the Rust crate {@code
 * fastcdc} 3.1, module {@code v2020}, bit for bit; {@code docs/formats.md} states the rule.
 *
 * <p>Algorithm: <a href="https://ieeexplore.ieee.org/document/9055082">Wen Xia et al., The Design
 * of Fast Content-Defined Chunking for Data Deduplication Based Storage Systems, 2020</a>: a gear
 * hash that starts after the smallest length, and is held against a harder mask before the average
 * length than after it.
 *
 * <p>The rule is stated for pairs of bytes: {@code p = 4h + 2g(a)} is held against {@code 2mask},
 * then {@code p + g(b)} against {@code mask}. One byte a step gives the same cuts. With {@code h1 =
 * 2h + g(a)} and {@code h2 = 2h1 + g(b)} the two sums are {@code 2h1} and {@code h2}, and {@code
 * 2h1} meets {@code 2mask} just where {@code h1} meets {@code mask}, as long as doubling drops no
 * bit of the mask off the top. The highest that any mask has is bit 47. All that is left of the
 * pairs is that lengths count down to even ones.
 *
 * <p>For the same reason only the last {@value GearScan#WINDOW} bytes have a say at any place, so
 * that the hash can be made anew wherever it is needed.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class FastCdc {
  private final int minBytes;
  private final int averageBytes;
  private final int maxBytes;
  private final long maskBeforeAverage;
  private final long maskAfterAverage;
  private final boolean seeded;
  private final long[] gear;

  /** Cuts as castore does, with chunks of these sizes. */
  public FastCdc(ChunkSizes sizes) {
    this(FastCdcParameters.of(sizes));
  }

  /** Cuts with any parameters. */
  public FastCdc(FastCdcParameters parameters) {
    minBytes = parameters.minBytes();
    averageBytes = parameters.averageBytes();
    maxBytes = parameters.maxBytes();
    maskBeforeAverage = parameters.maskBeforeAverage();
    maskAfterAverage = parameters.maskAfterAverage();
    seeded = parameters.gearSeed() != 0;
    gear = GearTable.of(parameters.gearSeed());
  }

  /** Gives the length of the longest chunk, in bytes. */
  public int maxBytes() {
    return maxBytes;
  }

  /**
   * Tells how long the next chunk is.
   *
   * @param bytes holds the content
   * @param offset where the chunk starts
   * @param remaining how many bytes of the content there are from there on. The answer is the
   *     content's only if these are all that are left, or at least {@link #maxBytes()}
   * @return length of the chunk, in bytes; 0 only where nothing remains
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public int cut(byte[] bytes, int offset, int remaining) {
    Objects.checkFromIndexSize(offset, remaining, bytes.length);
    if (remaining <= minBytes) {
      return remaining;
    }
    int length = Math.min(remaining, maxBytes);
    int start = offset + evenBelow(minBytes);
    int average = offset + evenBelow(Math.min(remaining, averageBytes));
    int end = offset + evenBelow(length);

    int at = find(bytes, start, start, average, maskBeforeAverage);
    if (at == average) {
      at = find(bytes, start, average, end, maskAfterAverage);
    }
    return at == end ? length : at - offset;
  }

  /**
   * Finds the first place where the mask is met.
   *
   * @param start where the hash starts
   * @param from the first place to look at
   * @param to where to end, which is the answer where the mask is not met before
   */
  private int find(byte[] bytes, int start, int from, int to, long mask) {
    int at = seeded ? from : GearScan.skip(bytes, from, to, hash(bytes, start, from), mask);
    long hash = hash(bytes, start, at);
    for (; at < to; at++) {
      hash = (hash << 1) + gear[bytes[at] & 0xff];
      if ((hash & mask) == 0) {
        return at;
      }
    }
    return to;
  }

  /** Makes the bits that masks can have of the hash up to a place. */
  private long hash(byte[] bytes, int start, int end) {
    long hash = 0;
    for (int at = Math.max(start, end - GearScan.WINDOW); at < end; at++) {
      hash = (hash << 1) + gear[bytes[at] & 0xff];
    }
    return hash;
  }

  private static int evenBelow(int length) {
    return length & ~1;
  }
}
