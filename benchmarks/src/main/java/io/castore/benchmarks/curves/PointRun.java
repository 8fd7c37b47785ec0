package io.castore.benchmarks.curves;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.cli.bench.Corpus;
import io.castore.cli.bench.MeasuredSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures points, each on a new system, whose service was warmed up.
 *
 * @param workDir where all is written
 * @param settings options of the configuration, which all commands have
 * @param usual what is ingested where the curve is about something else
 * @param progress takes a line for each thing that was done
 */
record PointRun(Path workDir, List<String> settings, Load usual, Consumer<String> progress) {
  private static final long SMALL_FILE = 4 << 10;
  private static final int MEBIBYTE_BITS = 20;

  /** Keeps the list as it is now. */
  PointRun {
    settings = List.copyOf(settings);
  }

  /** Measures one. */
  List<Measured> measure(Curve curve, Point point) throws IOException, InterruptedException {
    return switch (curve) {
      case FILES -> all(point, new Load(Math.toIntExact(point.amount()), SMALL_FILE));
      case SIZE -> all(point, new Load(1, point.amount() << MEBIBYTE_BITS));
      case CLIENTS ->
          ingest(point, settings, Math.toIntExact(point.amount()), (system, rows) -> {});
      case CHUNKS -> ingest(point, settings, 1, (system, rows) -> fill(point, system, rows));
      case THREADS -> ingest(point, withThreads(point), 1, (system, rows) -> {});
    };
  }

  /** What is done with a system before it is warmed up. */
  @FunctionalInterface
  private interface Preparation {
    void run(MeasuredSystem system, List<Measured> rows) throws IOException, InterruptedException;
  }

  private List<Measured> all(Point point, Load load) throws IOException, InterruptedException {
    List<Measured> rows = new ArrayList<>();
    try (ScratchDirectory scratch = ScratchDirectory.in(workDir, "castore-curves-");
        MeasuredSystem system = MeasuredSystem.open(scratch.path(), settings, progress)) {
      Corpus corpus = load.write(scratch.path().resolve("files"), 1).get(0);
      Map<String, Double> unused = system.start();
      system.warmUp(corpus);
      rows.add(new Measured(point, "ingest", system.ingest(List.of(corpus))));
      rows.add(new Measured(point, "unchanged", system.ingest(List.of(corpus))));
      rows.add(new Measured(point, "restore", system.restore(corpus)));
    }
    return rows;
  }

  private List<Measured> ingest(
      Point point, List<String> options, int clients, Preparation preparation)
      throws IOException, InterruptedException {
    List<Measured> rows = new ArrayList<>();
    try (ScratchDirectory scratch = ScratchDirectory.in(workDir, "castore-curves-");
        MeasuredSystem system = MeasuredSystem.open(scratch.path(), options, progress)) {
      Path files = scratch.path().resolve("files");
      List<Corpus> parts = usual.write(files, clients);
      Map<String, Double> unused = system.start();
      preparation.run(system, rows);
      system.warmUp(Corpus.of(files));
      rows.add(new Measured(point, "ingest", system.ingest(parts)));
    }
    return rows;
  }

  /** A service takes the state over when it starts. */
  private static void fill(Point point, MeasuredSystem system, List<Measured> rows)
      throws IOException, InterruptedException {
    new ChunkFiller(system.bootstrapServers()).fill(point.amount());
    system.end();
    rows.add(new Measured(point, "start", system.start()));
  }

  private List<String> withThreads(Point point) {
    List<String> options = new ArrayList<>(settings);
    Collections.addAll(options, "--set", "topics.chunks.partitions=" + point.amount());
    Collections.addAll(options, "--set", "chunker.threads=" + point.threads());
    return options;
  }
}
