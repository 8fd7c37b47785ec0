package io.castore.benchmarks.gc;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.benchmarks.report.Samples;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code benchmarks/run-gc}: ingestion and collection at full speed beside each other.
 * First whether anything is lost, then how much slower ingestion is. Broker, roles, producer,
 * collection and a file store share one process.
 */
@Command(
    name = "benchmarks/run-gc",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description =
        "Runs ingestion and garbage collection beside each other, looks whether anything was lost, and measures how"
            + " much slower ingestion is. Exits with 1 where anything was lost, or left.")
public final class GcRun implements Callable<Integer> {
  private static final long MEGABYTE = 1_000_000;

  /**
   * Orders wait behind all that waits to be stored. With less of that there are more collections.
   */
  private static final Map<String, String> SHORT_BACKLOG =
      Map.of("ingest.backlog.bytes", Long.toString(64L << 20));

  @Option(
      names = "--minutes",
      description =
          "For how long to look for losses, in minutes; 0: not at all. Default: ${DEFAULT-VALUE}.")
  private double minutes = 10;

  @Option(
      names = "--rounds",
      description =
          "How often to measure ingestion without collection and beside it; 0: not at all. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      description =
          "How long a warm-up ingests; each measurement ingests as many files. Default: ${DEFAULT-VALUE}.")
  private int seconds = 60;

  @Option(
      names = "--seed",
      description = "Tells the runs' contents apart. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--scratch",
      description = "Directory for broker and store. Default: a temporary one.")
  private Path scratchParent = Path.of(System.getProperty("java.io.tmpdir"));

  private final PrintStream out = System.out;

  private GcRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GcRun()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    out.printf(
        Locale.ROOT,
        "%d cores, Java %s, heap %d MB%n%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        Runtime.getRuntime().maxMemory() / MEGABYTE);
    boolean isClean = minutes <= 0 || endure();
    if (rounds > 0) {
      isClean &= compare();
    }
    return isClean ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private boolean endure() throws Exception {
    try (ScratchDirectory scratch = ScratchDirectory.in(scratchParent, "castore-gc-");
        Pipeline pipeline = Pipeline.start(scratch.path(), SHORT_BACKLOG)) {
      Ledger ledger = new Ledger();
      Collector collector = new Collector(pipeline, ledger);
      Feed feed = new Feed(pipeline.ingester(), new FileMix(seed, seed), ledger);
      Feed.Result fed = collector.beside(() -> feed.runFor((long) (minutes * 60)));
      print("ingested", fed);
      collector.collect();
      print(collector.result());
      Inspection.Result found = new Inspection(pipeline.store()).inspect(ledger);
      out.printf(
          "kept: %d blobs, of which %d are lost%n"
              + "dropped: %d blobs, of which %d are left; %d were dropped while they were ingested%n"
              + "chunks: %d, of which no blob lists %d%n%n",
          found.kept(),
          found.lost(),
          found.dropped(),
          found.left(),
          found.open(),
          found.chunks(),
          found.strays());
      return found.isClean() && fed.failed() == 0 && collector.result().notRemoved() == 0;
    }
  }

  private boolean compare() throws Exception {
    try (ScratchDirectory scratch = ScratchDirectory.in(scratchParent, "castore-gc-");
        Pipeline pipeline = Pipeline.start(scratch.path(), Map.of())) {
      Ledger ledger = new Ledger();
      Collector collector = new Collector(pipeline, ledger);
      long contents = seed;
      Feed.Result warmUp =
          new Feed(pipeline.ingester(), new FileMix(0, ++contents), ledger).runFor(seconds);
      print("warm-up", warmUp);
      boolean isWhole = warmUp.failed() == 0;
      out.println("| round | collection | MB/s | files/s | ratio of MB/s |");
      out.println("|--:|---|--:|--:|--:|");
      List<Double> ratios = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        Feed alone = new Feed(pipeline.ingester(), new FileMix(round, ++contents), ledger);
        Feed beside = new Feed(pipeline.ingester(), new FileMix(round, ++contents), ledger);
        Feed.Result with;
        Feed.Result without;
        if (round % 2 == 1) {
          without = alone.runThrough(warmUp.files());
          with = collector.beside(() -> beside.runThrough(warmUp.files()));
        } else {
          with = collector.beside(() -> beside.runThrough(warmUp.files()));
          without = alone.runThrough(warmUp.files());
        }
        double ratio = with.megabytesPerSecond() / without.megabytesPerSecond();
        ratios.add(ratio);
        row(round, "none", without, "");
        row(round, "beside it", with, String.format(Locale.ROOT, "%.2f", ratio));
        isWhole &= with.failed() == 0 && without.failed() == 0;
      }
      out.printf(Locale.ROOT, "%nmedian ratio: %.2f%n", new Samples(ratios).median());
      print(collector.result());
      return isWhole;
    }
  }

  private void row(int round, String collection, Feed.Result fed, String ratio) {
    out.printf(
        Locale.ROOT,
        "| %d | %s | %.1f | %.0f | %s |%n",
        round,
        collection,
        fed.megabytesPerSecond(),
        fed.filesPerSecond(),
        ratio);
  }

  private void print(String what, Feed.Result fed) {
    out.printf(
        Locale.ROOT,
        "%s: %d files, %d MB, %d MB of them new, in %.1f s (%.1f MB/s, %.0f files/s), %d failed%n",
        what,
        fed.files(),
        fed.bytes() / MEGABYTE,
        fed.newBytes() / MEGABYTE,
        fed.nanos() / 1e9,
        fed.megabytesPerSecond(),
        fed.filesPerSecond(),
        fed.failed());
  }

  private void print(Collector.Result done) {
    out.printf(
        "collected: %d runs, %d blobs dropped, %d blobs and %d chunks removed (%d MB), %d not removed%n",
        done.runs(),
        done.dropped(),
        done.removedBlobs(),
        done.removedChunks(),
        done.removedBytes() / MEGABYTE,
        done.notRemoved());
  }
}
