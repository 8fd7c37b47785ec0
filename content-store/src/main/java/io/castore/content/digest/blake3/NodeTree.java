package io.castore.content.digest.blake3;

/**
 * The tree above a content's leaves, as far as it is known. Takes the leaves' chaining values in
 * order, hashes neighbours into parents as soon as both are known, and keeps the one value of each
 * level that waits for its right neighbour.
 *
 * <p>The content's last leaf is not among them: only with it is it known which node is the root.
 *
 * <p>Not thread-safe.
 */
public final class NodeTree {
  /** How many leaves can be added at once. */
  public static final int MOST_LEAVES_AT_ONCE = LaneHasher.LANES;

  /** Enough for 2^64 bytes. */
  private static final int LEVELS = 54;

  /** The values of a level, from the second on; the first one's place is for a waiting value. */
  private final byte[] level = new byte[(1 + MOST_LEAVES_AT_ONCE) * Nodes.VALUE_LENGTH];

  private final byte[] waiting = new byte[LEVELS * Nodes.VALUE_LENGTH];

  /** How many leaves were added. A level has a waiting value where the number has a bit. */
  private long leaves;

  /**
   * Adds leaves.
   *
   * @param in holds them, {@value Nodes#LEAF_LENGTH} bytes each, one behind the other
   * @param offset where the first one begins
   * @param count how many they are, at most {@link #MOST_LEAVES_AT_ONCE}
   */
  public void add(NodeHasher hasher, byte[] in, int offset, int count) {
    hasher.hash(NodeKind.LEAF, in, offset, count, leaves, level, Nodes.VALUE_LENGTH);
    int added = count;
    long before = leaves;
    for (int height = 0; added > 0; height++) {
      int at = Nodes.VALUE_LENGTH;
      if ((before >>> height & 1) != 0) {
        at = 0;
        System.arraycopy(waiting, height * Nodes.VALUE_LENGTH, level, 0, Nodes.VALUE_LENGTH);
        added++;
      }
      if ((added & 1) != 0) {
        added--;
        System.arraycopy(
            level,
            at + added * Nodes.VALUE_LENGTH,
            waiting,
            height * Nodes.VALUE_LENGTH,
            Nodes.VALUE_LENGTH);
      }
      added /= 2;
      if (added > 0) {
        hasher.hash(NodeKind.PARENT, level, at, added, 0, level, Nodes.VALUE_LENGTH);
      }
    }
    leaves = before + count;
  }

  /**
   * Hashes the last leaf and what waits for it, up to the root, and forgets everything.
   *
   * @param leaf holds the last leaf, followed by zeros up to the end of its last block
   * @param length its length, 0 (only where there is no other leaf) to {@value Nodes#LEAF_LENGTH}
   * @param digest takes the root's value, {@value Nodes#VALUE_LENGTH} bytes
   */
  public void finish(byte[] leaf, int length, byte[] digest) {
    int[] value = new int[Nodes.VALUE_WORDS];
    Nodes.startValue(value);
    int lastBlock = Math.max(0, length - 1) / Nodes.BLOCK_LENGTH;
    for (int block = 0; block <= lastBlock; block++) {
      int at = block * Nodes.BLOCK_LENGTH;
      int flags =
          (block == 0 ? Nodes.CHUNK_START : 0)
              | (block == lastBlock ? Nodes.CHUNK_END | rootIf(leaves == 0) : 0);
      Compression.compress(
          value, leaf, at, Math.min(Nodes.BLOCK_LENGTH, length - at), leaves, flags);
    }
    while (leaves != 0) {
      int height = Long.numberOfTrailingZeros(leaves);
      leaves &= leaves - 1;
      System.arraycopy(waiting, height * Nodes.VALUE_LENGTH, level, 0, Nodes.VALUE_LENGTH);
      Words.copy(value, level, Nodes.VALUE_LENGTH);
      Nodes.startValue(value);
      Compression.compress(
          value, level, 0, Nodes.BLOCK_LENGTH, 0, Nodes.PARENT | rootIf(leaves == 0));
    }
    Words.copy(value, digest, 0);
  }

  private static int rootIf(boolean isRoot) {
    return isRoot ? Nodes.ROOT : 0;
  }
}
