package io.castore.feeds.backfill;

import java.io.IOException;
import java.util.List;

/**
 * Goes through listings without reading a source, and counts what a job would have to do.
 *
 * <p>One thread runs it; the figures are for all.
 */
public final class BackfillSurvey {
  private final BackfillPlan plan;
  private final BackfillCounters counters = new BackfillCounters();
  private volatile Total wanted = new Total(0, 0);
  private volatile boolean finished;

  /** Makes one. */
  public BackfillSurvey(BackfillPlan plan) {
    this.plan = plan;
  }

  /**
   * What is to be read.
   *
   * @param sources how many sources
   * @param bytes their length, in bytes
   */
  public record Total(long sources, long bytes) {}

  /** Takes what a job would do. */
  public interface Reporter extends BackfillJob.Reporter {
    /** A job would read this. */
    void wanted(Candidate candidate) throws IOException;
  }

  /**
   * Goes through all listings.
   *
   * @throws IOException if the reporter threw it
   */
  public void run(List<? extends SourceListing> listings, Reporter reporter)
      throws IOException, InterruptedException {
    for (SourceListing listing : listings) {
      try {
        listing.list(new Visitor(reporter));
      } catch (UntoldException untold) {
        throw untold.failure;
      } catch (IOException unlisted) {
        counters.failed();
        reporter.failed(listing.toString(), String.valueOf(unlisted.getMessage()));
      }
    }
    finished = true;
  }

  /** Gives what is to be read, as far as it was counted. */
  public Total wanted() {
    return wanted;
  }

  /** Tells whether everything was counted. */
  public boolean isFinished() {
    return finished;
  }

  /** Gives what was counted; nothing is ingested by this. */
  public BackfillProgress progress() {
    return counters.progress();
  }

  private final class Visitor implements SourceListing.Visitor {
    private final Reporter reporter;

    Visitor(Reporter reporter) {
      this.reporter = reporter;
    }

    @Override
    public void found(Candidate candidate) throws IOException {
      BackfillPlan.Verdict verdict = plan.judge(candidate);
      counters.judged(verdict);
      if (verdict == BackfillPlan.Verdict.WANTED) {
        wanted = new Total(wanted.sources() + 1, wanted.bytes() + candidate.size());
        try {
          reporter.wanted(candidate);
        } catch (IOException untold) {
          throw new UntoldException(untold);
        }
      }
    }

    @Override
    public void failed(String name, String reason) {
      counters.failed();
      reporter.failed(name, reason);
    }

    @Override
    public void passedOver(String name, String reason) {
      reporter.passedOver(name, reason);
    }
  }

  /** Tells a reporter's failure from a listing's. */
  private static final class UntoldException extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException failure;

    UntoldException(IOException failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
