package io.castore.endtoend.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was done already, in a file, so that a suite that was stopped goes on where it was. Without
 * a file it is kept in memory.
 *
 * <p>Not thread-safe.
 */
final class Progress {
  private final Optional<Path> file;
  private final List<RoundResult> results = new ArrayList<>();
  private final long seed;

  private Progress(Optional<Path> file, long seed) {
    this.file = file;
    this.seed = seed;
  }

  /**
   * Reads what was done, and takes over its seed; or begins.
   *
   * @throws IOException if the file is of a suite with another amount of data
   */
  static Progress open(FaultOptions options) throws IOException {
    if (options.progress().isEmpty() || !Files.exists(options.progress().get())) {
      Progress fresh = new Progress(options.progress(), options.seed());
      fresh.append(header(options.seed(), options.megabytes()));
      return fresh;
    }
    List<String> lines = Files.readAllLines(options.progress().get());
    long seed = Long.parseLong(lines.get(0).replaceAll(".*seed=(\\d+).*", "$1"));
    if (!lines.get(0).equals(header(seed, options.megabytes()))) {
      throw new IOException(
          "%s is of another suite: \"%s\" (expected: \"%s\")"
              .formatted(
                  options.progress().get(), lines.get(0), header(seed, options.megabytes())));
    }
    Progress progress = new Progress(options.progress(), seed);
    lines.stream().skip(1).map(RoundResult::parse).forEach(progress.results::add);
    return progress;
  }

  private static String header(long seed, long megabytes) {
    return "# seed=%d megabytes=%d".formatted(seed, megabytes);
  }

  /** The seed of the whole suite. */
  long seed() {
    return seed;
  }

  /** All that was done, in order. */
  List<RoundResult> results() {
    return List.copyOf(results);
  }

  /** Finds a round that need not be done again. One that failed does. */
  Optional<RoundResult> find(FaultCase faultCase, int round) {
    return results.stream()
        .filter(result -> result.faultCase() == faultCase && result.round() == round)
        .filter(result -> result.outcome() == RoundResult.Outcome.PASSED)
        .findFirst();
  }

  void add(RoundResult result) throws IOException {
    results.add(result);
    append(result.format());
  }

  private void append(String line) throws IOException {
    if (file.isPresent()) {
      Files.createDirectories(file.get().toAbsolutePath().resolveSibling(""));
      Files.writeString(
          file.get(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
