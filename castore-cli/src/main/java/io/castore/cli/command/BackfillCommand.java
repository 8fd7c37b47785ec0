package io.castore.cli.command;

import io.castore.cli.files.SourceTree;
import io.castore.cli.progress.IngestDisplay;
import io.castore.cli.system.CastoreSystem;
import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.KnownSources;
import io.castore.feeds.Pace;
import io.castore.feeds.backfill.BackfillJob;
import io.castore.feeds.backfill.BackfillPlan;
import io.castore.feeds.backfill.BackfillProgress;
import io.castore.feeds.backfill.BackfillSurvey;
import io.castore.feeds.backfill.BucketListing;
import io.castore.feeds.backfill.Candidate;
import io.castore.feeds.backfill.EarlierUploads;
import io.castore.feeds.backfill.Glob;
import io.castore.feeds.backfill.Selection;
import io.castore.feeds.backfill.SourceListing;
import io.castore.feeds.backfill.UriListing;
import io.castore.feeds.s3.S3Location;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ingests what is there already and has not been ingested as it is. */
@Command(
    name = "backfill",
    description = {
      "Ingests files and objects of S3 buckets, but for those that are in the store as they are: with the same ETag, or"
          + " with the same size and modification time. A job that was killed is resumed by giving the same command"
          + " again, here or elsewhere: what is done stands in Kafka.",
      "",
      "Prints a summary. One source that fails does not end the job; it is named, and the command ends with 1."
    })
final class BackfillCommand extends CastoreCommand {
  private static final String STANDARD_INPUT = "-";
  private static final String ON_TERMINAL = "castore.terminal";

  private final Output output;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FROM",
      arity = "0..*",
      description =
          "Files, directories, or s3://bucket/prefix: all objects whose keys start so (source.s3.* says where, and with"
              + " which keys).")
  private List<String> from = List.of();

  @Option(
      names = "--from-list",
      paramLabel = "FILE",
      description =
          "A list of what to ingest, one a line: s3://bucket/key, file:///path or a path. - for standard input.")
  private @Nullable String list;

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Only what fits: *.log by its name anywhere, 2026/** by its path below FROM. Can be given more than once.")
  private List<String> included = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Nothing that fits, included or not. Can be given more than once.")
  private List<String> excluded = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description =
          "Only what was last written to since: 2026-11-01T12:00:00Z, 2026-11-01, or an age such as 12h or 7d.")
  private @Nullable Instant since;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "Begin no more in a second: 100 for sources, 20MB for bytes. Both can be given. Default: no limit.")
  private List<String> rates = List.of();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Sources that are read at a time, 1 to 256. Default: ${DEFAULT-VALUE}.")
  private int concurrency = 16;

  @Option(
      names = "--dry-run",
      description = "Only print the names of what would be read, and the summary.")
  private boolean dryRun;

  BackfillCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    Rates limits = usage(() -> Rates.parse(rates));
    Selection selection = usage(this::selection);
    if (from.isEmpty() && list == null) {
      throw usage("nothing to ingest (expected: FROM or --from-list)");
    }
    CastoreConfig config = config();
    return dryRun ? survey(config, selection) : run(config, selection, limits);
  }

  private CastoreConfig config() throws InvalidConfigException {
    CastoreConfig config = options().config();
    return config.with(
        Map.of(
            "ingest.readers",
            Integer.toString(concurrency),
            "ingest.uploads.in.flight",
            Integer.toString(Math.max(concurrency, config.ingestUploadsInFlight()))));
  }

  private Selection selection() {
    return new Selection(
        included.stream().map(Glob::of).toList(),
        excluded.stream().map(Glob::of).toList(),
        Optional.ofNullable(since));
  }

  @SuppressWarnings("try") // the display needs no calls, only its end
  private int run(CastoreConfig config, Selection selection, Rates limits) throws Exception {
    long start = System.nanoTime();
    try (PipelineIngest ingest = PipelineIngest.open(config, "backfill", false);
        S3Buckets service = S3Buckets.open(config.sourceS3());
        KnownSources known = known(ingest.config());
        AtInterrupt atInterrupt = AtInterrupt.run(() -> abort(ingest))) {
      EarlierUploads.await(ingest.config(), known, this::note);
      BackfillPlan plan = new BackfillPlan(selection, known);
      List<SourceListing> listings = listings(service, ingest.ownDirectories());
      BackfillJob job =
          new BackfillJob(
              ingest::submit,
              plan,
              Pace.of(limits.sources()),
              Pace.of(limits.bytes()),
              new Told(atInterrupt));
      try (IngestDisplay display = display(ingest, job, plan, listings)) {
        job.run(listings);
      } catch (RejectedExecutionException ended) {
        if (!atInterrupt.interrupted()) {
          throw ended;
        }
      }
      output.showsBar(false);
      if (!atInterrupt.interrupted()) {
        summarize(job.progress(), start);
      }
      return job.progress().failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private void note(String line) {
    if (!options().quiet()) {
      output.note(line);
    }
  }

  private static void abort(PipelineIngest ingest) {
    ingest.abortAll("interrupted");
    ingest.close();
  }

  private int survey(CastoreConfig config, Selection selection) throws Exception {
    long start = System.nanoTime();
    try (CastoreSystem system = CastoreSystem.openQuiet(config, "backfill");
        S3Buckets service = S3Buckets.open(config.sourceS3());
        KnownSources known = known(system.config())) {
      BackfillSurvey survey = new BackfillSurvey(new BackfillPlan(selection, known));
      survey.run(listings(service, system.ownDirectories()), new Planned());
      summarize(survey.progress(), start);
      return survey.progress().failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static KnownSources known(CastoreConfig config) throws IOException {
    return KnownSources.read(config, config.stateDir().resolve("scratch"));
  }

  private List<SourceListing> listings(S3Buckets service, List<Path> ownDirectories) {
    SourceTree tree = SourceTree.leavingOut(ownDirectories.toArray(Path[]::new));
    List<SourceListing> listings = new ArrayList<>();
    for (String argument : from) {
      listings.add(
          S3Location.isNamedBy(argument)
              ? new BucketListing(service, usage(() -> S3Location.parse(argument)))
              : new TreeListing(tree, argument));
    }
    String file = list;
    if (file != null) {
      listings.add(new UriListing(file, () -> openList(file), service));
    }
    return listings;
  }

  private static InputStream openList(String file) throws IOException {
    return file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file));
  }

  private @Nullable IngestDisplay display(
      PipelineIngest ingest, BackfillJob job, BackfillPlan plan, List<SourceListing> listings) {
    if (options().quiet()) {
      return null;
    }
    BackfillSurvey survey = new BackfillSurvey(plan);
    // A list can be long, may be read once only, and every object in it costs a question.
    if (list == null) {
      Thread count = new Thread(() -> count(survey, listings), "count");
      count.setDaemon(true);
      count.start();
    }
    boolean bar = Boolean.getBoolean(ON_TERMINAL);
    output.showsBar(bar);
    return bar
        ? IngestDisplay.bar(
            System.err,
            "backfill",
            ingest::progress,
            () -> expected(survey),
            () -> besides(job.progress()))
        : IngestDisplay.lines(
            output::note, ingest::progress, () -> expected(survey), () -> besides(job.progress()));
  }

  private static void count(BackfillSurvey survey, List<SourceListing> listings) {
    try {
      survey.run(listings, new Silent());
    } catch (IOException | InterruptedException | RuntimeException unknown) {
      // The total stays unknown. What is wrong with a listing is told by the job.
    }
  }

  private static IngestDisplay.Expected expected(BackfillSurvey survey) {
    BackfillSurvey.Total wanted = survey.wanted();
    return new IngestDisplay.Expected(wanted.sources(), survey.isFinished() ? wanted.bytes() : -1);
  }

  private static String besides(BackfillProgress now) {
    return "; %d skipped, %d failed".formatted(now.skipped(), now.failed());
  }

  private void summarize(BackfillProgress done, long startNanos) throws IOException {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    if (options().json()) {
      output.result(BackfillText.json(done, seconds));
    } else {
      output.result(dryRun ? BackfillText.planned(done) : BackfillText.done(done, seconds));
    }
    output.flush();
  }

  private ParameterException usage(String message) {
    if (spec == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(spec.commandLine(), message);
  }

  private <T> T usage(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException | ArithmeticException invalid) {
      throw usage(String.valueOf(invalid.getMessage()));
    }
  }

  /** Tells a person what was not ingested. */
  private final class Told implements BackfillJob.Reporter {
    private final AtInterrupt atInterrupt;

    Told(AtInterrupt atInterrupt) {
      this.atInterrupt = atInterrupt;
    }

    @Override
    public void failed(String name, String reason) {
      if (!atInterrupt.interrupted()) {
        output.note(name + ": " + reason);
      }
    }

    @Override
    public void passedOver(String name, String reason) {
      output.note(name + ": skipped: " + reason);
    }
  }

  /** Tells a person what would be done. */
  private final class Planned implements BackfillSurvey.Reporter {
    @Override
    public void wanted(Candidate candidate) throws IOException {
      if (options().json()) {
        output.result(BackfillText.json(candidate));
      } else {
        output.result(candidate.name());
      }
    }

    @Override
    public void failed(String name, String reason) {
      output.note(name + ": " + reason);
    }

    @Override
    public void passedOver(String name, String reason) {
      output.note(name + ": skipped: " + reason);
    }
  }

  /** Tells nobody: another goes through the same and tells. */
  private static final class Silent implements BackfillSurvey.Reporter {
    @Override
    public void wanted(Candidate candidate) {
      // Is counted.
    }

    @Override
    public void failed(String name, String reason) {
      // Is told of by the job.
    }

    @Override
    public void passedOver(String name, String reason) {
      // Is told of by the job.
    }
  }
}
