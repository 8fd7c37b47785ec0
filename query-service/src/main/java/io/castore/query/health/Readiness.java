package io.castore.query.health;

import com.linecorp.armeria.server.healthcheck.ListenableHealthChecker;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Goes through the checks every few seconds, so that to ask for the result, which everybody may,
 * costs nothing. Until the first round is through, and where a round takes too long, the service is
 * not ready.
 *
 * <p>Safe for use by many threads.
 */
final class Readiness implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration OUTDATED = Duration.ofSeconds(30);

  private final List<ReadinessCheck> checks;
  private final SettableHealthChecker healthy = new SettableHealthChecker(false);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread checking = new Thread(task, "castore-readiness");
            checking.setDaemon(true);
            return checking;
          });

  private volatile Round last =
      new Round(Map.of("start", "the checks were not made yet"), System.nanoTime());

  /** Of the checking thread alone. */
  private boolean everReady;

  /**
   * What a round found.
   *
   * @param problems by the names of the checks
   * @param nanos when it was through
   */
  private record Round(Map<String, String> problems, long nanos) {}

  Readiness(List<ReadinessCheck> checks) {
    this.checks = List.copyOf(checks);
  }

  /** Begins to check. */
  void start() {
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(this::check, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void check() {
    Map<String, String> problems = new LinkedHashMap<>();
    for (ReadinessCheck check : checks) {
      try {
        check.problem().ifPresent(problem -> problems.put(check.name(), problem));
      } catch (RuntimeException failed) {
        LOG.warn("the check {} failed", check.name(), failed);
        problems.put(check.name(), "the check failed");
      }
    }
    Map<String, String> before = last.problems();
    last = new Round(problems, System.nanoTime());
    healthy.setHealthy(problems.isEmpty());
    everReady |= problems.isEmpty();
    if (!problems.equals(before)) {
      if (problems.isEmpty()) {
        LOG.info("ready");
      } else {
        // Until it has been ready once it is merely starting.
        LOG.atLevel(everReady ? Level.WARN : Level.INFO).log("not ready: {}", problems);
      }
    }
  }

  /** Gives what is wrong, by the names of the checks. */
  Map<String, String> problems() {
    Round round = last;
    long ageNanos = System.nanoTime() - round.nanos();
    if (ageNanos < OUTDATED.toNanos()) {
      return round.problems();
    }
    Map<String, String> problems = new LinkedHashMap<>(round.problems());
    problems.put(
        "checks", "no result for %d s".formatted(TimeUnit.NANOSECONDS.toSeconds(ageNanos)));
    return problems;
  }

  /** Gives the same for services that are told of changes. */
  ListenableHealthChecker healthy() {
    return healthy;
  }

  /** Makes no more checks. */
  @Override
  public void close() {
    thread.shutdownNow();
    healthy.setHealthy(false);
  }
}
