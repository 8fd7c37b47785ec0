package io.castore.content.digest.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.castore.content.digest.blake3.NodeHasher;
import io.castore.content.digest.blake3.NodeHashers;
import io.castore.content.digest.blake3.NodeKind;
import io.castore.content.digest.blake3.Nodes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Hashes as many nodes side by side as an integer vector of this CPU has lanes: 16 with AVX-512, 8
 * with AVX2, 4 with NEON.
 *
 * <p>A block of each node is brought into lane order in two steps: pairs of words, moved one by one
 * as 64 bits, then each vector of pairs split into the two words' vectors. The compression function
 * then reads its words from memory in the order of its rounds, which costs less than to keep them
 * in registers.
 */
final class VectorHasher implements NodeHasher {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = INTS.withLanes(long.class);
  private static final int LANES = INTS.length();
  private static final int HALF = LANES / 2;

  /** From how many nodes on a vector, though not full, beats hashing one after the other. */
  private static final int WORTHWHILE = 3;

  private static final long LOW_WORD = 0xffff_ffffL;
  private static final VarHandle LITTLE_ENDIAN_INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_ENDIAN_LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Where in {@link #words} the rounds find what they take. */
  private static final int[] SCHEDULE = schedule();

  private final NodeHasher scalar = NodeHashers.SCALAR.create();

  /** Pair by pair, the lanes' words, those of even lanes before those of odd ones. */
  private final long[] pairs = new long[Nodes.BLOCK_WORDS / 2 * LANES];

  /** Word by word, the lanes' words. */
  private final int[] words = new int[Nodes.BLOCK_WORDS * LANES];

  /** Word by word, the lanes' chaining values. */
  private final int[] values = new int[Nodes.VALUE_WORDS * LANES];

  private final int[] lowCounters = new int[LANES];
  private final int[] highCounters = new int[LANES];

  private static int[] schedule() {
    int[] schedule = Nodes.schedule();
    for (int i = 0; i < schedule.length; i++) {
      schedule[i] *= LANES;
    }
    return schedule;
  }

  @Override
  public void hash(
      NodeKind kind, byte[] in, int offset, int count, long firstLeaf, byte[] out, int outOffset) {
    int done = 0;
    while (done < count) {
      int lanes = Math.min(LANES, count - done);
      int at = offset + done * kind.length();
      int outAt = outOffset + done * Nodes.VALUE_LENGTH;
      if (lanes < WORTHWHILE) {
        scalar.hash(kind, in, at, lanes, firstLeaf + done, out, outAt);
      } else {
        hashSideBySide(kind, in, at, lanes, firstLeaf + done, out, outAt);
      }
      done += lanes;
    }
  }

  private void hashSideBySide(
      NodeKind kind, byte[] in, int offset, int lanes, long firstLeaf, byte[] out, int outOffset) {
    for (int word = 0; word < Nodes.VALUE_WORDS; word++) {
      IntVector.broadcast(INTS, Nodes.initialWord(word)).intoArray(values, word * LANES);
    }
    for (int lane = 0; lane < LANES; lane++) {
      long counter = kind.counter(firstLeaf, lane);
      lowCounters[lane] = (int) counter;
      highCounters[lane] = (int) (counter >>> 32);
    }
    for (int block = 0; block < kind.blocks(); block++) {
      readPairs(in, offset + block * Nodes.BLOCK_LENGTH, kind.length(), lanes, pairs);
      splitPairs(pairs, words);
      compress(values, words, lowCounters, highCounters, kind.flags(block));
    }
    for (int lane = 0; lane < lanes; lane++) {
      for (int word = 0; word < Nodes.VALUE_WORDS; word++) {
        LITTLE_ENDIAN_INTS.set(
            out,
            outOffset + lane * Nodes.VALUE_LENGTH + word * Integer.BYTES,
            values[word * LANES + lane]);
      }
    }
  }

  /** Reads a block of each node, which are {@code stride} bytes apart. */
  private static void readPairs(byte[] in, int offset, int stride, int lanes, long[] pairs) {
    for (int lane = 0; lane < LANES; lane++) {
      // Lanes without a node hash the last one again.
      int from = offset + Math.min(lane, lanes - 1) * stride;
      int to = lane / 2 + lane % 2 * HALF;
      pairs[to] = pair(in, from);
      pairs[to + LANES] = pair(in, from + 8);
      pairs[to + 2 * LANES] = pair(in, from + 16);
      pairs[to + 3 * LANES] = pair(in, from + 24);
      pairs[to + 4 * LANES] = pair(in, from + 32);
      pairs[to + 5 * LANES] = pair(in, from + 40);
      pairs[to + 6 * LANES] = pair(in, from + 48);
      pairs[to + 7 * LANES] = pair(in, from + 56);
    }
  }

  private static long pair(byte[] in, int offset) {
    return (long) LITTLE_ENDIAN_LONGS.get(in, offset);
  }

  private static void splitPairs(long[] pairs, int[] words) {
    for (int at = 0; at < pairs.length; at += LANES) {
      LongVector even = LongVector.fromArray(LONGS, pairs, at);
      LongVector odd = LongVector.fromArray(LONGS, pairs, at + HALF);
      LongVector first = even.and(LOW_WORD).or(odd.lanewise(LSHL, Integer.SIZE));
      LongVector second = even.lanewise(LSHR, Integer.SIZE).or(odd.and(~LOW_WORD));
      first.reinterpretAsInts().intoArray(words, 2 * at);
      second.reinterpretAsInts().intoArray(words, 2 * at + LANES);
    }
  }

  private static void compress(
      int[] values, int[] words, int[] lowCounters, int[] highCounters, int flags) {
    IntVector v0 = IntVector.fromArray(INTS, values, 0);
    IntVector v1 = IntVector.fromArray(INTS, values, LANES);
    IntVector v2 = IntVector.fromArray(INTS, values, 2 * LANES);
    IntVector v3 = IntVector.fromArray(INTS, values, 3 * LANES);
    IntVector v4 = IntVector.fromArray(INTS, values, 4 * LANES);
    IntVector v5 = IntVector.fromArray(INTS, values, 5 * LANES);
    IntVector v6 = IntVector.fromArray(INTS, values, 6 * LANES);
    IntVector v7 = IntVector.fromArray(INTS, values, 7 * LANES);
    IntVector v8 = IntVector.broadcast(INTS, Nodes.IV0);
    IntVector v9 = IntVector.broadcast(INTS, Nodes.IV1);
    IntVector v10 = IntVector.broadcast(INTS, Nodes.IV2);
    IntVector v11 = IntVector.broadcast(INTS, Nodes.IV3);
    IntVector v12 = IntVector.fromArray(INTS, lowCounters, 0);
    IntVector v13 = IntVector.fromArray(INTS, highCounters, 0);
    IntVector v14 = IntVector.broadcast(INTS, Nodes.BLOCK_LENGTH);
    IntVector v15 = IntVector.broadcast(INTS, flags);
    for (int next = 0; next < Nodes.ROUNDS * Nodes.BLOCK_WORDS; next += Nodes.BLOCK_WORDS) {
      // The four columns.
      v0 = v0.add(v4).add(IntVector.fromArray(INTS, words, SCHEDULE[next]));
      v1 = v1.add(v5).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 2]));
      v2 = v2.add(v6).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 4]));
      v3 = v3.add(v7).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 6]));
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 16);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 16);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 16);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 16);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 12);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 12);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 12);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 12);
      v0 = v0.add(v4).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 1]));
      v1 = v1.add(v5).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 3]));
      v2 = v2.add(v6).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 5]));
      v3 = v3.add(v7).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 7]));
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 8);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 8);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 8);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 8);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 7);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 7);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 7);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 7);

      // The four diagonals.
      v0 = v0.add(v5).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 8]));
      v1 = v1.add(v6).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 10]));
      v2 = v2.add(v7).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 12]));
      v3 = v3.add(v4).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 14]));
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 16);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 16);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 16);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 16);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 12);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 12);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 12);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 12);
      v0 = v0.add(v5).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 9]));
      v1 = v1.add(v6).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 11]));
      v2 = v2.add(v7).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 13]));
      v3 = v3.add(v4).add(IntVector.fromArray(INTS, words, SCHEDULE[next + 15]));
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 8);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 8);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 8);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 8);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 7);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 7);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 7);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 7);
    }
    v0.lanewise(XOR, v8).intoArray(values, 0);
    v1.lanewise(XOR, v9).intoArray(values, LANES);
    v2.lanewise(XOR, v10).intoArray(values, 2 * LANES);
    v3.lanewise(XOR, v11).intoArray(values, 3 * LANES);
    v4.lanewise(XOR, v12).intoArray(values, 4 * LANES);
    v5.lanewise(XOR, v13).intoArray(values, 5 * LANES);
    v6.lanewise(XOR, v14).intoArray(values, 6 * LANES);
    v7.lanewise(XOR, v15).intoArray(values, 7 * LANES);
  }
}
