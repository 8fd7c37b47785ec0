package io.castore.content.digest.blake3;

/**
 * The numbers of BLAKE3 that everything which hashes nodes shares. Those that have no words of
 * their own here are explained in section 2 of the paper.
 */
public final class Nodes {
  /** Length of a block, which the compression function takes at once, in bytes. */
  public static final int BLOCK_LENGTH = 64;

  /** How many 32-bit words a block has. */
  public static final int BLOCK_WORDS = 16;

  /** Length of a full leaf, in bytes. */
  public static final int LEAF_LENGTH = 1024;

  /** Length of a chaining value, in bytes. */
  public static final int VALUE_LENGTH = 32;

  /** How many 32-bit words a chaining value has. */
  public static final int VALUE_WORDS = 8;

  /** How many rounds the compression function has. */
  public static final int ROUNDS = 7;

  public static final int IV0 = 0x6a09e667;
  public static final int IV1 = 0xbb67ae85;
  public static final int IV2 = 0x3c6ef372;
  public static final int IV3 = 0xa54ff53a;
  public static final int IV4 = 0x510e527f;
  public static final int IV5 = 0x9b05688c;
  public static final int IV6 = 0x1f83d9ab;
  public static final int IV7 = 0x5be0cd19;

  static final int CHUNK_START = 1;
  static final int CHUNK_END = 1 << 1;
  static final int PARENT = 1 << 2;
  static final int ROOT = 1 << 3;

  /** Which word of a round's message comes from which word of the round before. */
  private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

  private static final int[] INITIAL_VALUE = {IV0, IV1, IV2, IV3, IV4, IV5, IV6, IV7};

  private Nodes() {}

  /** Sets a value to the one that every node starts from. */
  static void startValue(int[] value) {
    System.arraycopy(INITIAL_VALUE, 0, value, 0, VALUE_WORDS);
  }

  /** Gives word {@code word} of the value that every node starts from. */
  public static int initialWord(int word) {
    return INITIAL_VALUE[word];
  }

  /**
   * Tells which words of a block the rounds take: entry {@code 16 * round + i} is the number of the
   * word that is mixed in i-th.
   *
   * @return an array of the caller's own
   */
  public static int[] schedule() {
    int[] schedule = new int[ROUNDS * BLOCK_WORDS];
    for (int i = 0; i < schedule.length; i++) {
      schedule[i] =
          i < BLOCK_WORDS
              ? i
              : schedule[
                  i / BLOCK_WORDS * BLOCK_WORDS - BLOCK_WORDS + PERMUTATION[i % BLOCK_WORDS]];
    }
    return schedule;
  }
}
