package io.castore.ingest;

/**
 * Decides which chunks of one upload are worth a question. As long as some answers are hits, all
 * are. After {@value #PATIENCE} misses in a row only some are, ever fewer, down to one in {@value
 * #LONGEST_PAUSE}, until there is a hit again: new data costs next to no questions, and what is
 * known is found before long.
 *
 * <p>Safe for use by many threads.
 */
final class MissBackoff {
  static final int PATIENCE = 16;
  static final int LONGEST_PAUSE = 64;
  private static final int FIRST_PAUSE = 8;

  private int missesLeft;
  private int pause = FIRST_PAUSE;
  private int toSkip;

  private MissBackoff(int missesLeft, int toSkip) {
    this.missesLeft = missesLeft;
    this.toSkip = toSkip;
  }

  /** Begins with patience. */
  static MissBackoff patient() {
    return new MissBackoff(PATIENCE, 0);
  }

  /**
   * Begins as if there had been misses alone.
   *
   * @param toSkip how many chunks pass before the first question
   */
  static MissBackoff weary(int toSkip) {
    return new MissBackoff(0, toSkip);
  }

  /** Tells whether to ask about the next chunk. */
  synchronized boolean asks() {
    if (toSkip > 0) {
      toSkip--;
      return false;
    }
    if (missesLeft == 0) {
      toSkip = pause - 1;
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    return true;
  }

  /** Takes an answer. */
  synchronized void answered(boolean known) {
    if (known) {
      missesLeft = PATIENCE;
      pause = FIRST_PAUSE;
      toSkip = 0;
    } else if (missesLeft > 0) {
      missesLeft--;
    }
  }
}
