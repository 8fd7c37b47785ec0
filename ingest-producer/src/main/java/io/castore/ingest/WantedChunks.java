package io.castore.ingest;

import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks of one upload are asked for once more, until somebody takes them: a bit for each
 * chunk of the upload at most. Nothing is taken before the source was read to its end. What was
 * asked for until then, or until the taker comes, is taken together, and by one taker at a time.
 *
 * <p>Safe for use by many threads.
 */
final class WantedChunks {
  private final int mostAtOnce;
  private final Runnable onWanted;
  private final BitSet seqs = new BitSet(0);
  private @Nullable Sealed content;
  private boolean taking;

  /**
   * Begins with none.
   *
   * @param mostAtOnce how many are taken together
   * @param onWanted told that there is something to be taken, by whoever brings that about, and
   *     then not before {@link #release}
   */
  WantedChunks(int mostAtOnce, Runnable onWanted) {
    this.mostAtOnce = mostAtOnce;
    this.onWanted = onWanted;
  }

  /**
   * What is to be sent again.
   *
   * @param seqs of which chunks, in no way shared
   * @param content the whole that they are part of
   */
  record Batch(BitSet seqs, Sealed content) {}

  /**
   * Asks for chunks, but for those that were never sent.
   *
   * @param sent how many chunks were sent by now
   */
  void add(List<Long> wanted, long sent) {
    synchronized (this) {
      long end = Math.min(sent, Integer.MAX_VALUE);
      for (long seq : wanted) {
        if (seq >= 0 && seq < end) {
          seqs.set((int) seq);
        }
      }
    }
    tellWhereWanted();
  }

  /** The source was read to its end. */
  void readToEnd(Sealed whole) {
    synchronized (this) {
      content = whole;
    }
    tellWhereWanted();
  }

  /** Takes what is asked for by now, if anything is. */
  synchronized @Nullable Batch take() {
    Sealed whole = content;
    if (whole == null || seqs.isEmpty()) {
      return null;
    }
    BitSet batch = new BitSet();
    seqs.stream().limit(mostAtOnce).forEach(batch::set);
    seqs.andNot(batch);
    return new Batch(batch, whole);
  }

  /** What was taken is dealt with, so that what was asked for since can be taken, too. */
  void release() {
    synchronized (this) {
      taking = false;
    }
    tellWhereWanted();
  }

  private void tellWhereWanted() {
    synchronized (this) {
      if (content == null || taking || seqs.isEmpty()) {
        return;
      }
      taking = true;
    }
    onWanted.run();
  }
}
