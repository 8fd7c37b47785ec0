package io.castore.content.digest.blake3;

import static java.lang.Integer.rotateRight;

import java.util.Arrays;

/**
 * Hashes up to {@value #LANES} nodes side by side, in plain arrays: word by word, what belongs to
 * the nodes lies one behind the other, so that the compiler makes vector instructions of the loops
 * over them.
 *
 * <p>The compression function's 16 words are four rows of four. A row is one array, in which the
 * four words of all nodes follow each other, so that one loop mixes the four columns of all nodes.
 * For the diagonals, rows are turned by one, two and three words, and then back. Longer loops gain
 * more than the copies cost, since the compiler puts scalar steps before and behind each loop; and
 * it makes vectors only where all arrays of a loop are indexed alike.
 */
final class LaneHasher implements NodeHasher {
  /** How many nodes are hashed side by side at most: their working memory fits a L1 cache. */
  static final int LANES = 128;

  /** From how many nodes on this beats hashing one after the other. */
  private static final int WORTHWHILE = 12;

  private static final int COLUMNS = 4;

  /**
   * Longer than a row needs. Rows that follow each other in memory would be 2 KiB apart, and words
   * at the same place of every other row 4 KiB; processors then take a load for one of what was
   * just stored elsewhere, and wait.
   */
  private static final int ROW_LENGTH = COLUMNS * LANES + 44;

  private static final int[] SCHEDULE = Nodes.schedule();

  private final ScalarHasher scalar = new ScalarHasher();
  private final int[][] block = new int[Nodes.BLOCK_WORDS][LANES];
  private final int[] evenWords = new int[ROW_LENGTH];
  private final int[] oddWords = new int[ROW_LENGTH];
  private final int[] a = new int[ROW_LENGTH];
  private final int[] b = new int[ROW_LENGTH];
  private final int[] c = new int[ROW_LENGTH];
  private final int[] d = new int[ROW_LENGTH];
  private final int[] turnedB = new int[ROW_LENGTH];
  private final int[] turnedC = new int[ROW_LENGTH];
  private final int[] turnedD = new int[ROW_LENGTH];

  @Override
  public void hash(
      NodeKind kind,
      byte[] in,
      int offset,
      int count,
      long firstLeaf,
      byte[] values,
      int valuesOffset) {
    int done = 0;
    while (done < count) {
      int lanes = Math.min(LANES, count - done);
      int at = offset + done * kind.length();
      int valuesAt = valuesOffset + done * Nodes.VALUE_LENGTH;
      if (lanes < WORTHWHILE) {
        scalar.hash(kind, in, at, lanes, firstLeaf + done, values, valuesAt);
      } else {
        hashSideBySide(kind, in, at, lanes, firstLeaf + done, values, valuesAt);
      }
      done += lanes;
    }
  }

  private void hashSideBySide(
      NodeKind kind,
      byte[] in,
      int offset,
      int lanes,
      long firstLeaf,
      byte[] values,
      int valuesOffset) {
    for (int column = 0; column < COLUMNS; column++) {
      fill(a, column, lanes, Nodes.initialWord(column));
      fill(b, column, lanes, Nodes.initialWord(COLUMNS + column));
    }
    for (int i = 0; i < kind.blocks(); i++) {
      readBlock(in, offset + i * Nodes.BLOCK_LENGTH, kind.length(), lanes);
      for (int column = 0; column < COLUMNS; column++) {
        fill(c, column, lanes, Nodes.initialWord(column));
      }
      for (int lane = 0; lane < lanes; lane++) {
        long counter = kind.counter(firstLeaf, lane);
        d[lane] = (int) counter;
        d[lanes + lane] = (int) (counter >>> 32);
      }
      fill(d, 2, lanes, Nodes.BLOCK_LENGTH);
      fill(d, 3, lanes, kind.flags(i));
      compress(lanes);
    }
    for (int lane = 0; lane < lanes; lane++) {
      for (int column = 0; column < COLUMNS; column++) {
        int at = valuesOffset + lane * Nodes.VALUE_LENGTH + column * Integer.BYTES;
        Words.set(values, at, a[column * lanes + lane]);
        Words.set(values, at + COLUMNS * Integer.BYTES, b[column * lanes + lane]);
      }
    }
  }

  private static void fill(int[] row, int column, int lanes, int word) {
    Arrays.fill(row, column * lanes, (column + 1) * lanes, word);
  }

  /** Reads a block of each node, which are {@code stride} bytes apart. */
  private void readBlock(byte[] in, int offset, int stride, int lanes) {
    for (int word = 0; word < Nodes.BLOCK_WORDS; word += 4) {
      int[] first = block[word];
      int[] second = block[word + 1];
      int[] third = block[word + 2];
      int[] fourth = block[word + 3];
      int at = offset + word * Integer.BYTES;
      for (int lane = 0; lane < lanes; lane++) {
        first[lane] = Words.get(in, at);
        second[lane] = Words.get(in, at + Integer.BYTES);
        third[lane] = Words.get(in, at + 2 * Integer.BYTES);
        fourth[lane] = Words.get(in, at + 3 * Integer.BYTES);
        at += stride;
      }
    }
  }

  private void compress(int lanes) {
    int length = COLUMNS * lanes;
    for (int at = 0; at < SCHEDULE.length; at += Nodes.BLOCK_WORDS) {
      takeWords(at, lanes);
      mix(a, b, c, d, evenWords, oddWords, length);
      turn(b, turnedB, lanes, length);
      turn(c, turnedC, 2 * lanes, length);
      turn(d, turnedD, 3 * lanes, length);
      takeWords(at + 2 * COLUMNS, lanes);
      mix(a, turnedB, turnedC, turnedD, evenWords, oddWords, length);
      turn(turnedB, b, 3 * lanes, length);
      turn(turnedC, c, 2 * lanes, length);
      turn(turnedD, d, lanes, length);
    }
    for (int i = 0; i < length; i++) {
      a[i] ^= c[i];
    }
    for (int i = 0; i < length; i++) {
      b[i] ^= d[i];
    }
  }

  private void takeWords(int at, int lanes) {
    for (int column = 0; column < COLUMNS; column++) {
      int word = at + 2 * column;
      System.arraycopy(block[SCHEDULE[word]], 0, evenWords, column * lanes, lanes);
      System.arraycopy(block[SCHEDULE[word + 1]], 0, oddWords, column * lanes, lanes);
    }
  }

  private static void mix(
      int[] rowA, int[] rowB, int[] rowC, int[] rowD, int[] even, int[] odd, int length) {
    for (int i = 0; i < length; i++) {
      int a = rowA[i];
      int b = rowB[i];
      int c = rowC[i];
      int d = rowD[i];
      a += b + even[i];
      d = rotateRight(d ^ a, 16);
      c += d;
      b = rotateRight(b ^ c, 12);
      a += b + odd[i];
      d = rotateRight(d ^ a, 8);
      c += d;
      b = rotateRight(b ^ c, 7);
      rowA[i] = a;
      rowB[i] = b;
      rowC[i] = c;
      rowD[i] = d;
    }
  }

  /** Copies a row, beginning with what lies {@code by} words behind its start. */
  private static void turn(int[] row, int[] turned, int by, int length) {
    System.arraycopy(row, by, turned, 0, length - by);
    System.arraycopy(row, 0, turned, length - by, by);
  }
}
