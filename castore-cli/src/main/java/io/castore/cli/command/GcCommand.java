package io.castore.cli.command;

import io.castore.gc.CollectionPlan;
import io.castore.gc.CollectionReport;
import io.castore.gc.GarbageCollection;
import io.castore.gc.RetentionRules;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Collects garbage. */
@Command(
    name = "gc",
    description = {
      "Removes chunks that no blob and no upload needs, and blobs that were dropped (castore rm, gc.retention), while"
          + " uploads go on. The chunker removes them; this command tells it which, and waits.",
      "",
      "Needs the right to delete objects, which nothing else does. Ends with 1 where something could not be removed; it"
          + " is named, and the next run tries again."
    })
final class GcCommand extends CastoreCommand {
  /** Blob objects that are read at a time. */
  private static final int READERS = 8;

  private final Output output;

  @Option(
      names = "--dry-run",
      description =
          "Only tell what would be removed, and drop nothing. An estimate while uploads go on.")
  private boolean dryRun;

  @Option(
      names = "--grace",
      paramLabel = "AGE",
      converter = AgeConverter.class,
      description =
          "Leave objects alone that were written within so long: 0, 12h, 7d. Default: gc.grace.ms, 24 hours.")
  private @Nullable Duration grace;

  GcCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    CastoreConfig config = options().config();
    CollectionPlan plan =
        new CollectionPlan(
            grace == null ? config.gcGrace() : grace,
            retention(config),
            dryRun,
            config.gcCpuPercent());
    long start = System.nanoTime();
    try (GcSession session =
        dryRun ? GcSession.quiet(config, "gc") : GcSession.working(config, "gc")) {
      CollectionReport report =
          new GarbageCollection(
                  session.log().history(),
                  session.log().rules(),
                  session.log().orders(),
                  new GarbageCollection.StoreView(session.store(), session.store(), READERS),
                  session.scratch(),
                  InstantSource.system())
              .run(plan, new GcProgress(output, options().quiet()));
      double seconds = (System.nanoTime() - start) / 1e9;
      if (!dryRun) {
        LastReport.leave(session.config(), "gc", report.isDone(), GcText.json(report, seconds));
      }
      if (options().json()) {
        output.result(GcText.json(report, seconds));
      } else {
        for (String line : GcText.lines(report, seconds)) {
          output.result(line);
        }
      }
      output.flush();
      return report.isDone() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static RetentionRules retention(CastoreConfig config) throws InvalidConfigException {
    try {
      return RetentionRules.parse(config.gcRetention());
    } catch (IllegalArgumentException wrong) {
      throw new InvalidConfigException("gc.retention: " + wrong.getMessage(), wrong);
    }
  }
}
