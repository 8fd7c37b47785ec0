package io.castore.content.chunking;

/**
 * The rule as the algorithm's authors and the Rust crate write it: two bytes a step, the first of
 * them at twice the hash, the gear and the mask. What {@link FastCdc} does otherwise, for speed, is
 * held against this.
 */
final class ReferenceFastCdc {
  private final FastCdcParameters parameters;
  private final long[] gear;

  ReferenceFastCdc(FastCdcParameters parameters) {
    this.parameters = parameters;
    gear = GearTable.of(parameters.gearSeed());
  }

  int cut(byte[] bytes, int offset, int remaining) {
    if (remaining <= parameters.minBytes()) {
      return remaining;
    }
    int limit = Math.min(remaining, parameters.maxBytes());
    int averagePair = Math.min(remaining, parameters.averageBytes()) / 2;
    long hash = 0;
    for (int pair = parameters.minBytes() / 2; pair < limit / 2; pair++) {
      long mask =
          pair < averagePair ? parameters.maskBeforeAverage() : parameters.maskAfterAverage();
      int at = 2 * pair;
      hash = (hash << 2) + (gear[bytes[offset + at] & 0xff] << 1);
      if ((hash & (mask << 1)) == 0) {
        return at;
      }
      hash += gear[bytes[offset + at + 1] & 0xff];
      if ((hash & mask) == 0) {
        return at + 1;
      }
    }
    return limit;
  }
}
