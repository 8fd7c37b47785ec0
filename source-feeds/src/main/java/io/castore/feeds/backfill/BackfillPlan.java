package io.castore.feeds.backfill;

import io.castore.feeds.KnownSources;
import java.io.IOException;

/**
 * Decides what becomes of a source. Safe for use by many threads.
 *
 * @param selection which sources the job is about
 * @param known which versions are in the store already
 */
public record BackfillPlan(Selection selection, KnownSources known) {
  /** What becomes of a source. */
  public enum Verdict {
    /** The job is not about it. */
    LEFT_OUT,
    /** It is in the store as it was listed. */
    UNCHANGED,
    /** It is to be read. */
    WANTED
  }

  /**
   * Decides about one source.
   *
   * @throws IOException if what is known cannot be read
   */
  public Verdict judge(Candidate candidate) throws IOException {
    if (!selection.isFor(candidate)) {
      return Verdict.LEFT_OUT;
    }
    return known.isUnchanged(candidate.name(), candidate.version())
        ? Verdict.UNCHANGED
        : Verdict.WANTED;
  }
}
