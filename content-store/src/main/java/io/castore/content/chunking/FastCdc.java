package io.castore.content.chunking;

import java.util.Objects;

/**
 * Finds where chunks end, from the bytes alone. The cuts are those of the Rust crate {@code
 * fastcdc} 3.1, module {@code v2020}, bit for bit; {@code docs/formats.md} states the rule.
 *
 * <p>Algorithm: <a href="https://ieeexplore.ieee.org/document/9055082">Wen Xia et al., The Design
 * of Fast Content-Defined Chunking for Data Deduplication Based Storage Systems, 2020</a>: a gear
 * hash that rolls two bytes a step, starts after the smallest length, and is held against a harder
 * mask before the average length than after it.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class FastCdc {
  private final int minBytes;
  private final int averageBytes;
  private final int maxBytes;
  private final long maskBeforeAverage;
  private final long maskAfterAverage;
  private final long[] gear;

  /** The gear table, each entry shifted left by one. */
  private final long[] gearShifted;

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
    gear = GearTable.of(parameters.gearSeed());
    gearShifted = gear.clone();
    for (int value = 0; value < gearShifted.length; value++) {
      gearShifted[value] <<= 1;
    }
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
    int limit = offset + Math.min(remaining, maxBytes);
    int at = offset + evenBelow(minBytes);
    int average = offset + evenBelow(Math.min(remaining, averageBytes));
    int last = offset + evenBelow(limit - offset);

    long hash = 0;
    long mask = maskBeforeAverage;
    long maskShifted = mask << 1;
    for (; at < average; at += 2) {
      hash = (hash << 2) + gearShifted[bytes[at] & 0xff];
      if ((hash & maskShifted) == 0) {
        return at - offset;
      }
      hash += gear[bytes[at + 1] & 0xff];
      if ((hash & mask) == 0) {
        return at + 1 - offset;
      }
    }
    mask = maskAfterAverage;
    maskShifted = mask << 1;
    for (; at < last; at += 2) {
      hash = (hash << 2) + gearShifted[bytes[at] & 0xff];
      if ((hash & maskShifted) == 0) {
        return at - offset;
      }
      hash += gear[bytes[at + 1] & 0xff];
      if ((hash & mask) == 0) {
        return at + 1 - offset;
      }
    }
    return limit - offset;
  }

  private static int evenBelow(int length) {
    return length & ~1;
  }
}
