package io.castore.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures the whole system on somebody's files: each phase in processes of its own, on an empty
 * system in a directory of its own.
 *
 * <p>Not thread-safe, but for {@link #close}.
 */
public final class BenchRun implements AutoCloseable {
  /** Of Kafka's own and RocksDB's files, however little is ingested. */
  private static final long STATE_BYTES = 256L << 20;

  private final BenchSettings settings;
  private final CastoreConfig config;
  private final Consumer<String> progress;
  private final Children children = new Children();
  private final Scratch scratch;

  private BenchRun(
      BenchSettings settings, CastoreConfig config, Consumer<String> progress, Scratch scratch) {
    this.settings = settings;
    this.config = config;
    this.progress = progress;
    this.scratch = scratch;
  }

  /**
   * A result in both forms.
   *
   * @param lines for people
   * @param json for programs
   */
  public record Report(List<String> lines, ObjectNode json) {
    /** Keeps the list as it is now. */
    public Report {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Makes the directory to work in.
   *
   * @param config of the commands that are measured
   * @param progress takes a line for each thing that was done
   * @throws InvalidConfigException if the configuration cannot be measured with
   * @throws IOException if the directory cannot be made, or the store does not answer
   */
  public static BenchRun open(
      BenchSettings settings, CastoreConfig config, Consumer<String> progress)
      throws IOException, InvalidConfigException {
    if (config.bootstrapServers().isPresent()) {
      throw new InvalidConfigException(
          "bootstrap.servers: "
              + config.bootstrapServers().get()
              + " (expected: none, since an empty system is measured, with a broker of its own)",
          null);
    }
    BenchStore.check(config);
    Scratch scratch = Scratch.in(settings.workDir(), settings.keep());
    return new BenchRun(settings, config, progress, scratch);
  }

  /**
   * Measures.
   *
   * @throws InvalidConfigException if there is too little room
   * @throws IOException if a phase failed, or did not give back what it was given; the message
   *     names it
   */
  public Report run() throws IOException, InvalidConfigException, InterruptedException {
    Corpus first = Corpus.of(settings.first());
    Optional<Corpus> second =
        settings.second().isPresent()
            ? Optional.of(Corpus.of(settings.second().get()))
            : Optional.empty();
    long room = room(first, second);
    progress.accept(
        "works in %s, which needs up to %s".formatted(scratch.path(), ProgressText.bytes(room)));
    scratch.require(room);
    MachineFacts machine = MachineFacts.here();
    Floors floors =
        new FloorMeter(machine.cores(), config.chunkSizes(), config.zstdLevel())
            .measure(first, scratch.make("floors"));
    Scratch.delete(scratch.path().resolve("floors"));
    progress.accept("floors: measured");
    BenchContext context =
        new BenchContext(
            config,
            first,
            second,
            Phase.withNeeded(settings.phases(), second.isPresent()),
            new CastoreCommands(settings.settings()),
            children,
            new Meter(children, machine.cores()),
            floors,
            scratch,
            progress);
    BenchResult result = new BenchResult(machine, first, second, floors, rounds(context));
    return new Report(BenchTable.lines(result), BenchJson.of(result));
  }

  /** The store, the log in Kafka, what is restored, and the warm-up. */
  private static long room(Corpus first, Optional<Corpus> second) {
    long ingested = first.bytes() + second.map(Corpus::bytes).orElse(0L);
    return 2 * ingested + first.bytes() + WarmUp.room(first) + STATE_BYTES;
  }

  private List<Map<Phase, Figures>> rounds(BenchContext context)
      throws IOException, InterruptedException {
    List<Map<Phase, Figures>> rounds = new ArrayList<>();
    Set<Phase> phases = context.phases();
    for (int number = 1; number <= settings.rounds(); number++) {
      if (settings.rounds() > 1) {
        progress.accept("round %d of %d".formatted(number, settings.rounds()));
      }
      Map<Phase, Figures> round = new EnumMap<>(Phase.class);
      if (phases.stream().anyMatch(Phase::isWarm)) {
        try (Part part = Part.open(context, "warm-" + number, ThreadRole::ofClient)) {
          round.putAll(new WarmPart(part).run());
        }
      }
      if (phases.contains(Phase.COLD_INGEST)) {
        try (Part part = Part.open(context, "cold-" + number, ThreadRole::ofAll)) {
          round.putAll(new ColdPart(part).run());
        }
      }
      rounds.add(round);
    }
    return rounds;
  }

  /** Ends what runs, and deletes what was made, unless it is to be kept. */
  @Override
  public void close() {
    children.close();
    try {
      scratch.close();
    } catch (IOException failed) {
      progress.accept("%s could not be deleted: %s".formatted(scratch.path(), failed));
    }
  }
}
