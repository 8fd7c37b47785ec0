package io.castore.endtoend.faults;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is to be run.
 *
 * @param cases which cases
 * @param rounds how many rounds of each
 * @param seed what all moments come from; the first round's seed
 * @param megabytes how many real files are ingested in each round
 * @param budget how long a round may take
 * @param progress where it is noted what was done, so that it is not done again
 */
record FaultOptions(
    List<FaultCase> cases,
    int rounds,
    long seed,
    long megabytes,
    Duration budget,
    Optional<Path> progress) {
  private static final int SEEDS = 1_000_000_000;

  /** Reads the system properties {@code faults.…}. */
  static FaultOptions fromSystemProperties() {
    String cases = System.getProperty("faults.cases", "");
    return new FaultOptions(
        cases.isBlank()
            ? List.of(FaultCase.values())
            : Arrays.stream(cases.split(",")).map(FaultCase::parse).toList(),
        Integer.getInteger("faults.rounds", 10),
        Long.getLong("faults.seed", new SecureRandom().nextInt(SEEDS)),
        Long.getLong("faults.megabytes", 200),
        Duration.ofSeconds(Long.getLong("faults.budget.seconds", 300)),
        Optional.ofNullable(System.getProperty("faults.progress")).map(Path::of));
  }
}
