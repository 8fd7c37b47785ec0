package io.castore.endtoend.faults;

import io.castore.content.digest.Digest;
import io.castore.endtoend.CommandResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One round of a case: an ingest through a new cluster, with something that goes wrong at moments
 * that the seed chooses, and then a look at everything.
 *
 * <p>Used once, by one thread.
 */
final class FaultRound {
  /** Moments that are too close would all be one. */
  private static final Duration LEAST_EXPECTED = Duration.ofMillis(500);

  private final FaultCase faultCase;
  private final int number;
  private final long seed;
  private final Sample sample;
  private final Path directory;
  private final Deadline deadline;
  private final Verdict verdict = new Verdict();
  private final List<Long> storedAtHits = new ArrayList<>();
  private final long startNanos = System.nanoTime();

  private long hits;
  private int restarts;
  private long ingestMillis;
  private long storingMillis;

  /**
   * Prepares a round.
   *
   * @param directory an empty directory for all data and logs
   * @param budget how long it may take
   */
  FaultRound(
      FaultCase faultCase, int number, long seed, Sample sample, Path directory, Duration budget) {
    this.faultCase = faultCase;
    this.number = number;
    this.seed = seed;
    this.sample = sample;
    this.directory = directory;
    this.deadline = Deadline.in(budget);
  }

  /**
   * Does it all.
   *
   * @param expected what the moments are spread over
   */
  RoundResult run(Duration expected) throws InterruptedException, IOException {
    RoundResult.Outcome outcome;
    try (Cluster cluster = new Cluster(faultCase.layout(), sample, directory, seed, deadline)) {
      outcome = run(cluster, expected);
      restarts = cluster.unaskedEnds();
    } catch (UnsupportedOperationException unsupported) {
      return result(RoundResult.Outcome.SKIPPED, String.valueOf(unsupported.getMessage()));
    } catch (Deadline.BudgetSpentException spent) {
      verdict.fault(String.valueOf(spent.getMessage()));
      outcome = RoundResult.Outcome.FAILED;
    }
    if (outcome == RoundResult.Outcome.FAILED) {
      Files.writeString(directory.resolve("verdict.txt"), verdict.all());
    }
    return result(outcome, verdict.summary());
  }

  private RoundResult.Outcome run(Cluster cluster, Duration expected)
      throws InterruptedException, IOException {
    try {
      disturbIngest(cluster, expected.compareTo(LEAST_EXPECTED) < 0 ? LEAST_EXPECTED : expected);
      lookAt(cluster);
    } catch (Deadline.BudgetSpentException spent) {
      verdict.fault(String.valueOf(spent.getMessage()));
    } catch (IOException | RuntimeException | AssertionError failed) {
      StringWriter trace = new StringWriter();
      failed.printStackTrace(new PrintWriter(trace));
      verdict.fault(trace.toString());
    }
    if (!verdict.isGood()) {
      cluster.dumpThreads();
      return RoundResult.Outcome.FAILED;
    }
    return hits == 0 && faultCase.rule() != FaultCase.Rule.CALM
        ? RoundResult.Outcome.MISSED
        : RoundResult.Outcome.PASSED;
  }

  private void disturbIngest(Cluster cluster, Duration expected)
      throws IOException, InterruptedException, Deadline.BudgetSpentException {
    List<Strike> strikes = faultCase.plan(new Random(seed), expected);
    cluster.startIngest();
    deadline.await(
        "the first chunk", () -> cluster.store().storedChunks() > 0 || !cluster.ingest().isAlive());
    long start = System.nanoTime();
    for (Strike strike : strikes) {
      long moment = start + strike.at().toNanos();
      while (System.nanoTime() < moment && cluster.ingest().isAlive()) {
        TimeUnit.MILLISECONDS.sleep(
            Math.max(1, Math.min(20, (moment - System.nanoTime()) / 1_000_000)));
      }
      if (!cluster.ingest().isAlive()) {
        break;
      }
      long stored = cluster.store().storedChunks();
      if (strike.blow().strike(cluster)) {
        storedAtHits.add(stored);
      }
    }
    deadline.await("the end of the ingest", () -> !cluster.ingest().isAlive());
    ingestMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    storingMillis = cluster.store().storingTime().toMillis();
  }

  private void lookAt(Cluster cluster) throws IOException, InterruptedException {
    CommandResult ingest = cluster.ingest().awaitEnd();
    Aftermath aftermath = new Aftermath(cluster, sample, verdict);
    aftermath.checkList(ingest);
    Set<Digest> complete = aftermath.checkUploads(faultCase.leavesUploadsBehind(), deadline);
    aftermath.checkStore(complete, faultCase.rule() == FaultCase.Rule.CALM);
    if (faultCase != FaultCase.SAME_CONTENT) {
      aftermath.checkRestore(ingest, directory.resolve("restored"));
    }
    hits =
        switch (faultCase.rule()) {
          case CALM -> 0;
          case WHILE_INGESTING -> storedAtHits.size();
          case WHILE_STORING -> {
            long storedInTheEnd = cluster.store().storedChunks();
            yield storedAtHits.stream().filter(stored -> stored < storedInTheEnd).count();
          }
          case FAILING_PUTS -> cluster.s3().refusedPuts();
        };
  }

  private RoundResult result(RoundResult.Outcome outcome, String remark) {
    return new RoundResult(
        faultCase,
        number,
        seed,
        outcome,
        hits,
        verdict.objects(),
        verdict.lost(),
        verdict.falseComplete(),
        verdict.hung(),
        restarts,
        ingestMillis,
        storingMillis,
        Duration.ofNanos(System.nanoTime() - startNanos).toMillis(),
        remark);
  }
}
