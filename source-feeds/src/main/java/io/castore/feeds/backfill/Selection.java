package io.castore.feeds.backfill;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which of the listed sources a job is about.
 *
 * @param included patterns of which one has to fit; none for all
 * @param excluded patterns of which none may fit
 * @param since leaves out what was last written to before
 */
public record Selection(List<Glob> included, List<Glob> excluded, Optional<Instant> since) {
  /** All of them. */
  public static final Selection ALL = new Selection(List.of(), List.of(), Optional.empty());

  /** Tells whether a source is one of them. */
  public boolean isFor(Candidate candidate) {
    String path = candidate.path();
    return (included.isEmpty() || included.stream().anyMatch(glob -> glob.matches(path)))
        && excluded.stream().noneMatch(glob -> glob.matches(path))
        && since.map(time -> isSince(candidate, time)).orElse(true);
  }

  private static boolean isSince(Candidate candidate, Instant time) {
    long nanos = TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    return candidate.version().getModifiedAtNs() >= nanos;
  }
}
