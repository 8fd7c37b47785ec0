package io.castore.feeds.backfill;

import io.castore.feeds.Pace;
import io.castore.feeds.SourceIntake;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Ingests the sources of listings, but for those that are in the store as they are. It keeps no
 * state of its own: what was completed is in the topic {@code sources}, so a job that was killed is
 * resumed by another one of the same listings. Versions of one source are read one after the other.
 *
 * <p>Memory is that of the sources that are under way, which the intake bounds.
 *
 * <p>One thread runs it; {@link #progress} is for all.
 */
public final class BackfillJob {
  private final SourceIntake intake;
  private final BackfillPlan plan;
  private final Pace sources;
  private final Pace bytes;
  private final Reporter reporter;
  private final BackfillCounters counters = new BackfillCounters();
  private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private volatile @Nullable Throwable lost;

  /**
   * Makes one.
   *
   * @param sources how many sources may begin in a second
   * @param bytes how many bytes of these may
   * @param reporter told of what is not ingested
   */
  public BackfillJob(
      SourceIntake intake, BackfillPlan plan, Pace sources, Pace bytes, Reporter reporter) {
    this.intake = intake;
    this.plan = plan;
    this.sources = sources;
    this.bytes = bytes;
    this.reporter = reporter;
  }

  /** Is told of what is not ingested, on any thread. */
  public interface Reporter {
    /** A source, or a listing, failed. The job goes on without it. */
    void failed(String name, String reason);

    /** Something is no source by rule. */
    void passedOver(String name, String reason);
  }

  /**
   * Ingests everything, and waits until each blob is readable.
   *
   * @throws PipelineUnavailableException if Kafka, or what is behind it, cannot be used any more
   * @throws RejectedExecutionException if the intake was closed
   */
  public void run(List<? extends SourceListing> listings)
      throws PipelineUnavailableException, InterruptedException {
    for (SourceListing listing : listings) {
      try {
        listing.list(new Visitor());
      } catch (LostException unavailable) {
        break;
      } catch (IOException unlisted) {
        fail(listing.toString(), String.valueOf(unlisted.getMessage()));
      }
    }
    while (!underWay.isEmpty()) {
      CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new)).join();
    }
    Throwable cause = lost;
    if (cause instanceof PipelineUnavailableException unavailable) {
      throw unavailable;
    }
    if (cause != null) {
      throw new IllegalStateException(cause);
    }
  }

  /** Tells how far this has come. */
  public BackfillProgress progress() {
    return counters.progress();
  }

  private final class Visitor implements SourceListing.Visitor {
    @Override
    public void found(Candidate candidate) throws IOException, InterruptedException {
      awaitEarlier(candidate.name());
      if (lost != null) {
        throw new LostException();
      }
      BackfillPlan.Verdict verdict = plan.judge(candidate);
      counters.judged(verdict);
      if (verdict == BackfillPlan.Verdict.WANTED) {
        sources.await(1);
        bytes.await(candidate.size());
        submit(candidate);
      }
    }

    @Override
    public void failed(String name, String reason) {
      fail(name, reason);
    }

    @Override
    public void passedOver(String name, String reason) {
      reporter.passedOver(name, reason);
    }
  }

  private void awaitEarlier(String name) {
    CompletableFuture<Void> earlier = underWay.get(name);
    if (earlier != null) {
      earlier.join();
    }
  }

  private void submit(Candidate candidate) throws InterruptedException {
    String name = candidate.name();
    Source source = candidate.source().get();
    CompletableFuture<Void> done = new CompletableFuture<>();
    underWay.put(name, done);
    CompletableFuture<IngestOutcome> outcome;
    try {
      outcome = intake.submit(source);
    } catch (InterruptedException | RuntimeException untaken) {
      underWay.remove(name);
      throw untaken;
    }
    CompletableFuture<IngestOutcome> unused =
        outcome.whenComplete(
            (ended, failure) -> {
              end(name, source, ended, failure);
              underWay.remove(name);
              done.complete(null);
            });
  }

  private void end(
      String name, Source source, @Nullable IngestOutcome ended, @Nullable Throwable failure) {
    if (failure != null) {
      lost = failure;
    } else if (ended instanceof IngestOutcome.Complete blob) {
      source.version().ifPresent(version -> plan.known().complete(name, version, blob.digest()));
      counters.complete(blob);
    } else if (ended instanceof IngestOutcome.Failed failed) {
      fail(name, failed.reason());
    }
  }

  private void fail(String name, String reason) {
    counters.failed();
    reporter.failed(name, reason);
  }

  /** Ends a listing that nobody can take any more. */
  private static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
