package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Ingests files of random bytes before anything is measured, until the service has its code
 * compiled, as one has that has run for a day. Each round has new contents under new names, and
 * ingests them once more under others, so that chunks are new and then known. They are no part of
 * any figure but their own.
 *
 * @param service which runs on the system
 * @param like what is measured with afterwards
 * @param withReads whether parts of the files are read over HTTP, too
 * @param progress takes a line for each round
 */
record WarmUp(
    Installation system,
    Service service,
    Corpus like,
    boolean withReads,
    Consumer<String> progress) {
  /** What compiling may take of the service's processor time in a round that is the last one. */
  private static final double SMALL_SHARE = 0.15;

  /** Beside what a round takes. */
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final int MOST_ROUNDS = 6;
  private static final String NEW = "new-";
  private static final String KNOWN = "known-";

  /**
   * What it needs of the disk at the most: what it stores, and the files of a round.
   *
   * @param corpus what is measured with after it
   */
  static long room(Corpus corpus) {
    WarmUpFiles files = WarmUpFiles.like(corpus);
    return ((files.areFew() ? 1 : MOST_ROUNDS) + 1) * files.bytes();
  }

  /** Does as many rounds as it takes, and tells how many that were. */
  Figures run() throws IOException, InterruptedException {
    WarmUpFiles files = WarmUpFiles.like(like);
    Path directory = directory();
    SplittableRandom random = new SplittableRandom(1);
    long start = System.nanoTime();
    int rounds = 0;
    OptionalDouble share;
    do {
      rounds++;
      CpuByRole before = service.watch().cpu();
      if (rounds > 1) {
        // The same files are written anew: a file system may be slow after it has deleted many.
        Files.move(directory.resolve(KNOWN + (rounds - 1)), directory.resolve(NEW + rounds));
      }
      files.write(directory.resolve(NEW + rounds), random);
      ingest(NEW + rounds);
      if (!files.areFew()) {
        Path known = directory.resolve(KNOWN + rounds);
        Files.move(directory.resolve(NEW + rounds), known);
        ingest(KNOWN + rounds);
        read(known);
      }
      share = service.watch().cpu().since(before).share(ThreadRole.JIT);
      tell(rounds, share);
    } while (!files.areFew() && isToGoOn(rounds, share, System.nanoTime() - start));
    return new Figures()
        .put("wall_seconds", (System.nanoTime() - start) / 1e9)
        .put("files", (long) rounds * files.count())
        .put("bytes", rounds * files.bytes())
        .put("rounds", rounds)
        .put("last_jit_share", share);
  }

  /** Tells whether there has to be another round. */
  static boolean isToGoOn(int rounds, OptionalDouble jitShare, long nanos) {
    return rounds < MOST_ROUNDS && nanos < LONGEST.toNanos() && jitShare.orElse(1) >= SMALL_SHARE;
  }

  /** Has the system expect nothing of it in the store any longer. */
  void drop() throws IOException, InterruptedException {
    Path out = system.directory().resolve("warm-up.dropped");
    command(out, "rm", "--source", directory().toUri().toString());
  }

  private Path directory() throws IOException {
    return Files.createDirectories(system.directory().resolve("warm-up")).toRealPath();
  }

  private void ingest(String files) throws IOException, InterruptedException {
    command(list(), "ingest", files);
  }

  private void command(Path out, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(system.line(arguments));
    line.add("--quiet");
    Path err = system.directory().resolve("warm-up.err");
    Process process = system.children().start(line, directory(), out, err);
    system
        .children()
        .await(process, "castore " + arguments[0] + " (of the warm-up)", PATIENCE, err);
  }

  private Path list() {
    return system.directory().resolve("warm-up.list");
  }

  private void read(Path files) throws IOException, InterruptedException {
    if (withReads) {
      RangeReads.of(Corpus.of(files), list()).run(service.url());
    }
  }

  private void tell(int rounds, OptionalDouble jitShare) {
    String compiling =
        jitShare.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.0f %% of the service's processor time went into compiling",
                100 * jitShare.getAsDouble());
    progress.accept("warm-up, round %d%s".formatted(rounds, compiling));
  }
}
