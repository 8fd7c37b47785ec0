package io.castore.cli.command;

import io.castore.cli.files.PathText;
import io.castore.cli.files.RestoreTarget;
import io.castore.cli.listing.ListedLine;
import io.castore.cli.listing.RestoreItem;
import io.castore.cli.listing.RestoreList;
import io.castore.cli.progress.ProgressText;
import io.castore.cli.system.CastoreSystem;
import io.castore.pipeline.sources.SourceCatalogue;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes listed files, or the newest versions of sources, below a directory. */
@Command(
    name = "restore",
    customSynopsis = {
      "castore restore [OPTIONS] LIST DIR",
      "castore restore [OPTIONS] --from PREFIX DIR"
    },
    description = {
      "Writes every file of a list below a directory, and never outside it. The list is a manifest, or has lines"
          + " \"<digest>  <path>\" as ingest prints them. With --from, writes the newest version of each source that"
          + " castore ls shows for the prefix.",
      "",
      "Restores contents alone: no modes, times, links or empty directories. A leading / of a path is dropped. A file"
          + " that is there is replaced, when its content is whole."
    })
final class RestoreCommand extends CastoreCommand {
  private final Output output;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "LIST, DIR",
      arity = "1..2",
      description = {
        "LIST: the list's file, or - for standard input. Not with --from.",
        "DIR: the directory. Made where it is missing."
      })
  private List<String> paths = List.of();

  @Option(
      names = "--from",
      paramLabel = "PREFIX",
      description =
          "What the sources' names start with, such as s3://bucket/dir/, or a path. What follows the prefix's last / is"
              + " the path below DIR; of a path, what is below it. Reads Kafka, so --server cannot be used.")
  private @Nullable String from;

  RestoreCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    String prefix = from;
    if (paths.size() != (prefix == null ? 2 : 1)) {
      throw usage(
          prefix == null
              ? "one path given (expected: LIST and DIR, or --from PREFIX and DIR)"
              : "LIST and --from given (expected: one of them)");
    }
    Path directory = Path.of(paths.get(paths.size() - 1));
    return prefix == null
        ? restoreList(paths.get(0), directory)
        : restoreSources(prefix, directory);
  }

  private int restoreList(String list, Path directory) throws Exception {
    long start = System.nanoTime();
    try (BlobSource blobs = BlobSource.open(options());
        RestoreList lines = new RestoreList(openList(list));
        RestoreTarget target = RestoreTarget.open(directory)) {
      RestoreRun run = new RestoreRun(target, blobs, output, options().json());
      run.run(sink -> give(list, lines, sink));
      return summarize(run, start);
    }
  }

  private static void give(String list, RestoreList lines, RestoreRun.Sink sink)
      throws IOException {
    Optional<ListedLine<RestoreItem>> line = lines.next();
    while (line.isPresent() && !sink.isInVain()) {
      if (line.get() instanceof ListedLine.Bad<RestoreItem> bad) {
        sink.fail(list, bad.message());
      } else if (line.get() instanceof ListedLine.Good<RestoreItem> good) {
        sink.write(good.value());
      }
      line = lines.next();
    }
  }

  private static InputStream openList(String list) throws IOException {
    try {
      return list.equals("-") ? System.in : new FileInputStream(list);
    } catch (FileNotFoundException unreadable) {
      throw new IOException("cannot read the list: " + unreadable.getMessage(), unreadable);
    }
  }

  private int restoreSources(String prefix, Path directory) throws Exception {
    long start = System.nanoTime();
    SourceSelection selection = SourceSelection.of(prefix);
    try (CastoreSystem system = CastoreSystem.openQuiet(options().config(), "restore");
        SourceCatalogue catalogue =
            SourceCatalogue.read(system.config(), system.config().stateDir().resolve("scratch"));
        BlobSource blobs = BlobSource.open(options());
        RestoreTarget target = RestoreTarget.open(directory)) {
      RestoreRun run = new RestoreRun(target, blobs, output, options().json());
      run.run(sink -> give(selection, catalogue, sink));
      if (run.files() + run.failures() == 0) {
        throw new IOException("no source is named so: " + selection.prefix());
      }
      return summarize(run, start);
    }
  }

  private static void give(
      SourceSelection selection, SourceCatalogue catalogue, RestoreRun.Sink sink)
      throws IOException {
    selection.visit(
        catalogue,
        (name, entry) -> {
          if (!sink.isInVain() && !catalogue.isDropped(entry)) {
            PathText path = selection.pathBelow(name);
            sink.write(
                new RestoreItem(
                    path.shown(),
                    path.uri(),
                    SourceText.digest(entry),
                    OptionalLong.of(entry.getSize())));
          }
        });
  }

  private int summarize(RestoreRun run, long startNanos) {
    if (!options().quiet()) {
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      output.note(
          ProgressText.done(run.files(), run.bytes(), seconds)
              + (run.failures() == 0 ? "" : "; " + run.failures() + " failed"));
    }
    return run.failures() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private ParameterException usage(String message) {
    if (spec == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(spec.commandLine(), message);
  }
}
