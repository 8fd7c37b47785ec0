package io.castore.endtoend.faults;

import io.castore.endtoend.faults.RoundResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs rounds, one after another, and keeps what is needed of them.
 *
 * <p>Not thread-safe.
 */
final class FaultSuite {
  /** How often a round is begun anew that no strike hit. */
  private static final int TRIES = 5;

  private static final long SEED_BOUND = 1_000_000_000;
  private static final int MOST_SAME_FILES = 200;
  private static final int SAME_FILES_A_MEGABYTE = 1;
  private static final int SAME_SHARE = 2;

  private final FaultOptions options;
  private final Path directory;
  private final Consumer<String> out;
  private final Progress progress;
  private final Map<FaultCase, Sample> samples = new EnumMap<>(FaultCase.class);
  private final Map<FaultCase, RoundResult> calm = new EnumMap<>(FaultCase.class);

  /**
   * Prepares a suite.
   *
   * @param directory for all data; what is there is removed, and logs of failed rounds stay
   * @param out gets a line now and then
   */
  FaultSuite(FaultOptions options, Path directory, Consumer<String> out) throws IOException {
    this.options = options;
    this.directory = directory.toAbsolutePath();
    this.out = out;
    this.progress = Progress.open(options);
    remove(this.directory);
    Files.createDirectories(this.directory);
    out.accept("faults: seed %d".formatted(progress.seed()));
  }

  /** How many rounds of a case there are to be. */
  int rounds(FaultCase faultCase) {
    return faultCase.rule() == FaultCase.Rule.CALM ? 1 : options.rounds();
  }

  /** All that was done, as a table. */
  String summary() {
    return SummaryTable.of(progress.results());
  }

  /** Does one round, unless it was done, and again where no strike hit. */
  RoundResult run(FaultCase faultCase, int round) throws IOException, InterruptedException {
    RoundResult done = progress.find(faultCase, round).orElse(null);
    if (done != null) {
      tell(done, "done before");
      remember(done);
      return done;
    }
    long seed = roundSeed(round);
    RoundResult result = tryOnce(faultCase, round, seed);
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int attempt = 1; result.outcome() == Outcome.MISSED && attempt < TRIES; attempt++) {
      result = tryOnce(faultCase, round, seeds.nextLong(SEED_BOUND));
    }
    return result;
  }

  /**
   * The first round has the suite's own seed, so that any round can be the first one of another.
   */
  private long roundSeed(int round) {
    SplittableRandom seeds = new SplittableRandom(progress.seed());
    long seed = progress.seed();
    for (int i = 1; i < round; i++) {
      seed = seeds.nextLong(SEED_BOUND);
    }
    return seed;
  }

  private RoundResult tryOnce(FaultCase faultCase, int round, long seed)
      throws IOException, InterruptedException {
    Sample sample = sample(faultCase);
    Duration expected = expected(faultCase);
    Path data = directory.resolve("%s-%d".formatted(faultCase, round));
    remove(data);
    Files.createDirectories(data);
    RoundResult result =
        new FaultRound(faultCase, round, seed, sample, data, options.budget()).run(expected);
    progress.add(result);
    remember(result);
    if (result.outcome() == Outcome.FAILED) {
      removeData(data);
      tell(result, "logs are in " + data);
    } else {
      remove(data);
      tell(result, "");
    }
    return result;
  }

  private void tell(RoundResult result, String remark) {
    out.accept(
        "faults: %s, round %d, seed %d: %s in %d s (%d strikes, %d objects, %d restarts) %s %s"
            .formatted(
                result.faultCase(),
                result.round(),
                result.seed(),
                result.outcome(),
                result.millis() / 1000,
                result.strikes(),
                result.objects(),
                result.restarts(),
                remark,
                result.remark()));
  }

  private void remember(RoundResult result) {
    if (result.outcome() == Outcome.PASSED) {
      calm.putIfAbsent(result.faultCase(), result);
    }
  }

  /** Tells what moments are spread over, and measures it where that is new. */
  private Duration expected(FaultCase faultCase) throws IOException, InterruptedException {
    FaultCase of = faultCase.calm();
    if (faultCase.rule() == FaultCase.Rule.CALM) {
      return Duration.ZERO;
    }
    RoundResult measured = calm.get(of);
    if (measured == null) {
      measured = run(of, 1);
      if (measured.outcome() == Outcome.SKIPPED) {
        // The case itself will be, too.
        return Duration.ZERO;
      }
      if (measured.outcome() != Outcome.PASSED) {
        throw new AssertionError("with nothing to disturb it: " + measured);
      }
    }
    return faultCase.expected(measured);
  }

  private Sample sample(FaultCase faultCase) throws IOException {
    FaultCase key =
        faultCase == FaultCase.SAME_CONTENT ? FaultCase.SAME_CONTENT : FaultCase.UNDISTURBED;
    Sample sample = samples.get(key);
    if (sample == null) {
      sample =
          key == FaultCase.SAME_CONTENT
              ? sameFiles()
              : RealFiles.gather(directory.resolve("files"), options.megabytes());
      samples.put(key, sample);
      out.accept("faults: %d files, %d bytes".formatted(sample.digests().size(), sample.bytes()));
    }
    return sample;
  }

  private Sample sameFiles() throws IOException {
    long megabytes = options.megabytes();
    return SameFile.make(
        directory.resolve("same"),
        (int) Math.min(MOST_SAME_FILES, megabytes * SAME_FILES_A_MEGABYTE),
        Math.toIntExact(megabytes * 1_000_000 / SAME_SHARE),
        progress.seed());
  }

  /** Leaves the logs alone. */
  private static void removeData(Path round) throws IOException {
    try (Stream<Path> entries = Files.list(round)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        remove(entry);
      }
    }
  }

  private static void remove(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** The cases that were asked for. */
  List<FaultCase> cases() {
    return options.cases();
  }
}
