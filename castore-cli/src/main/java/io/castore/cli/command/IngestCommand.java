package io.castore.cli.command;

import io.castore.cli.files.ContentCheck;
import io.castore.cli.files.Found;
import io.castore.cli.files.SourceTree;
import io.castore.cli.listing.ManifestWriter;
import io.castore.cli.progress.IngestDisplay;
import io.castore.cli.progress.ProgressText;
import io.castore.ingest.IngestProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ingests files. */
@Command(
    name = "ingest",
    description = {
      "Ingests files, directories (with all that is below them) or standard input through the pipeline, and waits until"
          + " each blob is readable.",
      "",
      "Prints one line a file, \"<digest>  <path>\", which b3sum --check accepts. Contents are stored, and names in"
          + " these lines: no modes, times, links or empty directories. Symbolic links and special files below a"
          + " directory are skipped, each with a note.",
      "",
      "A file whose size, times and inode are those of its last ingest is not read again, as long as its blob is in the"
          + " store. With --force it is read, and ingested where its content is another. With --server every file is read,"
          + " to be asked for by its digest."
    })
final class IngestCommand extends CastoreCommand {
  private static final String ON_TERMINAL = "castore.terminal";
  private static final long COUNT_AFTER_MS = 3_000;

  private final Output output;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, directories, or - for standard input.")
  private List<String> paths = List.of();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "Also write a JSON line a file: path, size, digest, upload_id, chunks, new_chunks, new_bytes, and"
              + " \"unchanged\":true where the file is as it was ingested before.")
  private @Nullable Path manifestFile;

  @Option(
      names = "--avg-chunk-size",
      paramLabel = "BYTES",
      description = "Average length of a chunk, 512 to 2097152. Default: 262144.")
  private @Nullable Integer avgChunkSize;

  @Option(
      names = "--force",
      description = "Read all files, also those that have not changed since they were ingested.")
  private boolean force;

  @Mixin private ResetStateOption resetState = new ResetStateOption();

  IngestCommand(Output output) {
    this.output = output;
  }

  @Override
  @SuppressWarnings("try") // the display needs no calls, only its end
  public Integer call() throws Exception {
    if (spec != null && Collections.frequency(paths, IngestRun.STANDARD_INPUT) > 1) {
      throw new ParameterException(
          spec.commandLine(), "standard input (-) can be ingested once only");
    }
    long start = System.nanoTime();
    try (ManifestWriter manifest = openManifest();
        FileIngest ingest = openIngest();
        ContentCheck check = force ? new ContentCheck() : null;
        AtInterrupt atInterrupt = AtInterrupt.run(() -> abort(ingest))) {
      SourceTree tree = SourceTree.leavingOut(ingest.ownDirectories().toArray(Path[]::new));
      IngestRun run =
          new IngestRun(
              ingest, tree, output, options().json(), manifest, check, atInterrupt::interrupted);
      boolean allDone;
      try (IngestDisplay display = display(run, tree)) {
        allDone = run.ingest(paths);
      } catch (IOException untold) {
        // Nobody learns of the results, so nothing is to come of what is on its way.
        ingest.abortAll("the results could not be written");
        throw untold;
      }
      output.showsBar(false);
      if (!options().quiet() && !atInterrupt.interrupted()) {
        summarize(run, (System.nanoTime() - start) / 1e9);
      }
      return allDone ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private FileIngest openIngest() throws Exception {
    options().refuseWithServer("--avg-chunk-size", avgChunkSize);
    options().refuseWithServer("--reset-state", resetState.isSet() ? true : null);
    Optional<Server> server = options().server();
    if (server.isPresent()) {
      return ServerIngest.open(server.get());
    }
    Map<String, String> ofCommand =
        avgChunkSize == null ? Map.of() : Map.of("chunk.avg.bytes", avgChunkSize.toString());
    return PipelineIngest.openLazily(
        options().config(ofCommand), "ingest", resetState.isSet(), this::hasFiles);
  }

  /** Whether there are at least so many files; a look at no more than these finds out. */
  private boolean hasFiles(long files) {
    long[] left = {files};
    try {
      SourceTree.leavingOut()
          .<EnoughException>walk(
              filePaths(),
              found -> {
                if (found instanceof Found.RegularFile && --left[0] <= 0) {
                  throw new EnoughException();
                }
              });
      return false;
    } catch (EnoughException enough) {
      return true;
    }
  }

  /** Ends a walk. */
  private static final class EnoughException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private List<String> filePaths() {
    return paths.stream().filter(path -> !path.equals(IngestRun.STANDARD_INPUT)).toList();
  }

  private static void abort(FileIngest ingest) {
    ingest.abortAll("interrupted");
    ingest.close();
  }

  private @Nullable ManifestWriter openManifest() throws IOException {
    return manifestFile == null ? null : new ManifestWriter(Files.newOutputStream(manifestFile));
  }

  private @Nullable IngestDisplay display(IngestRun run, SourceTree tree) {
    if (options().quiet()) {
      return null;
    }
    AtomicReference<IngestDisplay.Expected> expected =
        new AtomicReference<>(new IngestDisplay.Expected(0, -1));
    // An ingest that is done at once needs no total, and is not to share its time with the count.
    CompletableFuture.delayedExecutor(COUNT_AFTER_MS, TimeUnit.MILLISECONDS, IngestCommand::start)
        .execute(() -> expected.set(count(tree)));
    boolean bar = Boolean.getBoolean(ON_TERMINAL);
    output.showsBar(bar);
    return bar
        ? IngestDisplay.bar(
            System.err, "ingest", run::progress, expected::get, () -> unchanged(run))
        : IngestDisplay.lines(output::note, run::progress, expected::get, () -> unchanged(run));
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "count");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Counts what there is to do while it is being done. A stream's length is known at its end only.
   */
  private IngestDisplay.Expected count(SourceTree tree) {
    long[] sums = {0, 0};
    tree.walk(
        filePaths(),
        found -> {
          if (found instanceof Found.RegularFile file) {
            sums[0]++;
            sums[1] += file.size();
          }
        });
    boolean known = !paths.contains(IngestRun.STANDARD_INPUT);
    return new IngestDisplay.Expected(sums[0], known ? sums[1] : -1);
  }

  private void summarize(IngestRun run, double seconds) {
    IngestProgress done = run.progress();
    output.note(
        "%s: %s%s%s"
            .formatted(
                ProgressText.done(done.complete(), done.bytesComplete(), seconds),
                novelty(done),
                unchanged(run),
                done.failed() == 0 ? "" : "; " + done.failed() + " failed"));
  }

  private static String unchanged(IngestRun run) {
    long files = run.unchanged();
    return files == 0 ? "" : "; " + ProgressText.count(files, "file") + " unchanged";
  }

  private static String novelty(IngestProgress done) {
    if (done.newChunks() == 0) {
      return "nothing new was stored";
    }
    String fresh =
        "%s (%s) new"
            .formatted(
                ProgressText.count(done.newChunks(), "chunk"), ProgressText.bytes(done.newBytes()));
    long known = done.bytesComplete() - done.newBytes();
    return known == 0 ? fresh : fresh + ", " + ProgressText.bytes(known) + " already there";
  }
}
