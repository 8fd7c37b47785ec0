package io.castore.content.chunking;

/**
 * The masks that a chunk's hash is held against. Where a mask of n bits meets only zeros, which
 * random bytes do once in 2^n, the chunk ends. The bits are spread so that many bytes have a say.
 *
 * <p>The values are those of the Rust crate {@code fastcdc}, module {@code v2020}.
 */
final class CutMasks {
  static final int FEWEST_BITS = 5;
  static final int MOST_BITS = 25;

  private static final long[] FROM_FEWEST_BITS = {
    0x0000000001804110L,
    0x0000000001803110L,
    0x0000000018035100L,
    0x0000001800035300L,
    0x0000019000353000L,
    0x0000590003530000L,
    0x0000d90003530000L,
    0x0000d90103530000L,
    0x0000d90303530000L,
    0x0000d90313530000L,
    0x0000d90f03530000L,
    0x0000d90303537000L,
    0x0000d90703537000L,
    0x0000d90707537000L,
    0x0000d91707537000L,
    0x0000d91747537000L,
    0x0000d91767537000L,
    0x0000d93767537000L,
    0x0000d93777537000L,
    0x0000d93777577000L,
    0x0000db3777577000L,
  };

  private CutMasks() {}

  static long ofBits(int bits) {
    return FROM_FEWEST_BITS[bits - FEWEST_BITS];
  }
}
