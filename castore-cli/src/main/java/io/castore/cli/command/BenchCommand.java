package io.castore.cli.command;

import io.castore.cli.bench.BenchRun;
import io.castore.cli.bench.BenchSettings;
import io.castore.cli.bench.Phase;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how fast the whole system is on somebody's own files. */
@Command(
    name = "bench",
    description = {
      "Measures the whole system on files of yours: how long each phase takes, what it needs of processors, memory and"
          + " store, and how near that is to what the machine can do at the most, which is measured beside it.",
      "",
      "Works on a new system in a directory of its own, with a service in a process of its own, which ingests random files"
          + " first until its code is compiled, and then on another one without a service."
          + " What is restored is compared byte for byte. The disk needs room for the files three times, for the"
          + " second version twice, and to warm up for seven times 512 MiB, or the files where they are less."
    })
final class BenchCommand extends CastoreCommand {
  private final Output output;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The files to measure with: a directory, or one file.")
  private Path first = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR2",
      description = "A second version of them, which is ingested after the first.")
  private @Nullable Path second;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Measure all of it N times; medians are told, and ranges. Default: 1.")
  private int rounds = 1;

  @Option(
      names = "--phases",
      split = ",",
      paramLabel = "PHASE",
      description =
          "Only these, and what they need: ${COMPLETION-CANDIDATES}. Default: all of them.")
  private List<Phase> phases = List.of(Phase.values());

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Where to make the directory to work in. Default: where the system has such things.")
  private @Nullable Path workDir;

  @Option(names = "--keep", description = "Do not delete that directory, nor what was stored.")
  private boolean keep;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write all figures of all rounds to a file, as JSON.")
  private @Nullable Path out;

  BenchCommand(Output output) {
    this.output = output;
  }

  @Override
  @SuppressWarnings("try") // the hook needs no calls, only its end
  public Integer call() throws Exception {
    CastoreConfig config = options().config();
    try (BenchRun run = BenchRun.open(settings(), config, this::tell);
        AtInterrupt atInterrupt = AtInterrupt.run(run::close)) {
      BenchRun.Report report = run.run();
      if (out != null) {
        Files.writeString(out, report.json().toPrettyString() + "\n");
      }
      if (options().json()) {
        output.result(report.json());
      } else {
        for (String line : report.lines()) {
          output.result(line);
        }
      }
      output.flush();
    }
    return ExitCode.DONE;
  }

  private BenchSettings settings() throws InvalidConfigException {
    try {
      return new BenchSettings(
          first,
          Optional.ofNullable(second),
          Set.copyOf(phases),
          rounds,
          Optional.ofNullable(workDir),
          keep,
          options().ofConfiguration());
    } catch (IllegalArgumentException invalid) {
      throw new InvalidConfigException("--" + invalid.getMessage(), invalid);
    }
  }

  private void tell(String line) {
    if (!options().quiet()) {
      output.note(line);
    }
  }
}
