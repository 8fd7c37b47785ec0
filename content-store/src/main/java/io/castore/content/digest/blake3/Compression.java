package io.castore.content.digest.blake3;

import static java.lang.Integer.rotateRight;

/** BLAKE3's compression function, for one block. */
final class Compression {
  private Compression() {}

  /**
   * Takes a block into a chaining value.
   *
   * <p>All 32 words stay in local variables, and what the rounds take of the block moves from one
   * to the other: twice as fast as seven written-out rounds, which the compiler spills.
   *
   * @param value the value so far, and then the new one
   * @param block holds the block, padded with zeros to {@value Nodes#BLOCK_LENGTH} bytes
   * @param offset where it begins
   * @param length how long it is without the padding, in bytes
   * @param counter number of the leaf that it belongs to; 0 for a parent
   * @param flags what it is
   */
  static void compress(int[] value, byte[] block, int offset, int length, long counter, int flags) {
    int m0 = Words.get(block, offset);
    int m1 = Words.get(block, offset + 4);
    int m2 = Words.get(block, offset + 8);
    int m3 = Words.get(block, offset + 12);
    int m4 = Words.get(block, offset + 16);
    int m5 = Words.get(block, offset + 20);
    int m6 = Words.get(block, offset + 24);
    int m7 = Words.get(block, offset + 28);
    int m8 = Words.get(block, offset + 32);
    int m9 = Words.get(block, offset + 36);
    int m10 = Words.get(block, offset + 40);
    int m11 = Words.get(block, offset + 44);
    int m12 = Words.get(block, offset + 48);
    int m13 = Words.get(block, offset + 52);
    int m14 = Words.get(block, offset + 56);
    int m15 = Words.get(block, offset + 60);
    int v0 = value[0];
    int v1 = value[1];
    int v2 = value[2];
    int v3 = value[3];
    int v4 = value[4];
    int v5 = value[5];
    int v6 = value[6];
    int v7 = value[7];
    int v8 = Nodes.IV0;
    int v9 = Nodes.IV1;
    int v10 = Nodes.IV2;
    int v11 = Nodes.IV3;
    int v12 = (int) counter;
    int v13 = (int) (counter >>> 32);
    int v14 = length;
    int v15 = flags;
    for (int round = 0; round < Nodes.ROUNDS; round++) {
      // The four columns.
      v0 += v4 + m0;
      v12 = rotateRight(v12 ^ v0, 16);
      v8 += v12;
      v4 = rotateRight(v4 ^ v8, 12);
      v0 += v4 + m1;
      v12 = rotateRight(v12 ^ v0, 8);
      v8 += v12;
      v4 = rotateRight(v4 ^ v8, 7);
      v1 += v5 + m2;
      v13 = rotateRight(v13 ^ v1, 16);
      v9 += v13;
      v5 = rotateRight(v5 ^ v9, 12);
      v1 += v5 + m3;
      v13 = rotateRight(v13 ^ v1, 8);
      v9 += v13;
      v5 = rotateRight(v5 ^ v9, 7);
      v2 += v6 + m4;
      v14 = rotateRight(v14 ^ v2, 16);
      v10 += v14;
      v6 = rotateRight(v6 ^ v10, 12);
      v2 += v6 + m5;
      v14 = rotateRight(v14 ^ v2, 8);
      v10 += v14;
      v6 = rotateRight(v6 ^ v10, 7);
      v3 += v7 + m6;
      v15 = rotateRight(v15 ^ v3, 16);
      v11 += v15;
      v7 = rotateRight(v7 ^ v11, 12);
      v3 += v7 + m7;
      v15 = rotateRight(v15 ^ v3, 8);
      v11 += v15;
      v7 = rotateRight(v7 ^ v11, 7);

      // The four diagonals.
      v0 += v5 + m8;
      v15 = rotateRight(v15 ^ v0, 16);
      v10 += v15;
      v5 = rotateRight(v5 ^ v10, 12);
      v0 += v5 + m9;
      v15 = rotateRight(v15 ^ v0, 8);
      v10 += v15;
      v5 = rotateRight(v5 ^ v10, 7);
      v1 += v6 + m10;
      v12 = rotateRight(v12 ^ v1, 16);
      v11 += v12;
      v6 = rotateRight(v6 ^ v11, 12);
      v1 += v6 + m11;
      v12 = rotateRight(v12 ^ v1, 8);
      v11 += v12;
      v6 = rotateRight(v6 ^ v11, 7);
      v2 += v7 + m12;
      v13 = rotateRight(v13 ^ v2, 16);
      v8 += v13;
      v7 = rotateRight(v7 ^ v8, 12);
      v2 += v7 + m13;
      v13 = rotateRight(v13 ^ v2, 8);
      v8 += v13;
      v7 = rotateRight(v7 ^ v8, 7);
      v3 += v4 + m14;
      v14 = rotateRight(v14 ^ v3, 16);
      v9 += v14;
      v4 = rotateRight(v4 ^ v9, 12);
      v3 += v4 + m15;
      v14 = rotateRight(v14 ^ v3, 8);
      v9 += v14;
      v4 = rotateRight(v4 ^ v9, 7);

      // The permutation, which is two cycles of eight.
      int first0 = m0;
      m0 = m2;
      m2 = m3;
      m3 = m10;
      m10 = m12;
      m12 = m9;
      m9 = m11;
      m11 = m5;
      m5 = first0;
      int first1 = m1;
      m1 = m6;
      m6 = m4;
      m4 = m7;
      m7 = m13;
      m13 = m14;
      m14 = m15;
      m15 = m8;
      m8 = first1;
    }
    value[0] = v0 ^ v8;
    value[1] = v1 ^ v9;
    value[2] = v2 ^ v10;
    value[3] = v3 ^ v11;
    value[4] = v4 ^ v12;
    value[5] = v5 ^ v13;
    value[6] = v6 ^ v14;
    value[7] = v7 ^ v15;
  }
}
