package io.castore.ingest;

/**
 * Decides which chunks of one upload are worth a question. As long as some answers are hits, all
 * are. After {@value #PATIENCE} misses in a row only some are, ever fewer, down to one in {@value
 * #LONGEST_PAUSE}, until there is a hit again: new data costs next to no questions, and what is
 * known is found before long.
 *
 * <p>Many questions may await their answers. Until the first hit these are counted as misses, so
 * that new data is not asked about any longer for that; what comes meanwhile is decided later.
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
  private int unanswered;

  /** Whether the last answers have a hit among them. */
  private boolean hits;

  private MissBackoff(int missesLeft, int toSkip) {
    this.missesLeft = missesLeft;
    this.toSkip = toSkip;
  }

  /** What to do about a chunk. */
  enum Advice {
    /** To ask, and to tell the answer, or that there is none. */
    ASK,
    /** Not to ask. */
    SKIP,
    /** To decide when the next answer was told, or that there is none. */
    WAIT
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

  /** Tells what to do about the next chunk. To wait only where answers are to come. */
  synchronized Advice next() {
    if (missesLeft > 0) {
      return hits || unanswered < missesLeft ? ask() : Advice.WAIT;
    }
    if (toSkip > 0) {
      toSkip--;
      return Advice.SKIP;
    }
    toSkip = pause - 1;
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return ask();
  }

  private Advice ask() {
    unanswered++;
    return Advice.ASK;
  }

  /** Takes an answer. */
  synchronized void answered(boolean known) {
    unanswered--;
    if (known) {
      hits = true;
      missesLeft = PATIENCE;
      pause = FIRST_PAUSE;
      toSkip = 0;
    } else if (missesLeft > 0) {
      missesLeft--;
      hits &= missesLeft > 0;
    }
  }

  /** Takes it that no answer comes. */
  synchronized void failed() {
    unanswered--;
  }
}
