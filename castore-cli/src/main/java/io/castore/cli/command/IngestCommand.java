package io.castore.cli.command;

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
          + " directory are skipped, each with a note."
    })
final class IngestCommand extends CastoreCommand {
  private static final String ON_TERMINAL = "castore.terminal";

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
          "Also write a JSON line a file: path, size, digest, upload_id, chunks, new_chunks, new_bytes.")
  private @Nullable Path manifestFile;

  @Option(
      names = "--avg-chunk-size",
      paramLabel = "BYTES",
      description = "Average length of a chunk, 512 to 2097152. Default: 262144.")
  private @Nullable Integer avgChunkSize;

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
        AtInterrupt atInterrupt = AtInterrupt.run(() -> abort(ingest))) {
      SourceTree tree = SourceTree.leavingOut(ingest.ownDirectories().toArray(Path[]::new));
      boolean allDone;
      try (IngestDisplay display = display(ingest, tree)) {
        allDone =
            new IngestRun(
                    ingest, tree, output, options().json(), manifest, atInterrupt::interrupted)
                .ingest(paths);
      } catch (IOException untold) {
        // Nobody learns of the results, so nothing is to come of what is on its way.
        ingest.abortAll("the results could not be written");
        throw untold;
      }
      output.showsBar(false);
      if (!options().quiet() && !atInterrupt.interrupted()) {
        summarize(ingest.progress(), (System.nanoTime() - start) / 1e9);
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
    return PipelineIngest.open(options().config(ofCommand), "ingest", resetState.isSet());
  }

  private static void abort(FileIngest ingest) {
    ingest.abortAll("interrupted");
    ingest.close();
  }

  private @Nullable ManifestWriter openManifest() throws IOException {
    return manifestFile == null ? null : new ManifestWriter(Files.newOutputStream(manifestFile));
  }

  private @Nullable IngestDisplay display(FileIngest ingest, SourceTree tree) {
    if (options().quiet()) {
      return null;
    }
    AtomicReference<IngestDisplay.Expected> expected =
        new AtomicReference<>(new IngestDisplay.Expected(0, -1));
    Thread count = new Thread(() -> expected.set(count(tree)), "count");
    count.setDaemon(true);
    count.start();
    boolean bar = Boolean.getBoolean(ON_TERMINAL);
    output.showsBar(bar);
    return bar
        ? IngestDisplay.bar(System.err, "ingest", ingest::progress, expected::get, () -> "")
        : IngestDisplay.lines(output::note, ingest::progress, expected::get, () -> "");
  }

  /**
   * Counts what there is to do while it is being done. A stream's length is known at its end only.
   */
  private IngestDisplay.Expected count(SourceTree tree) {
    long[] sums = {0, 0};
    tree.walk(
        paths.stream().filter(path -> !path.equals(IngestRun.STANDARD_INPUT)).toList(),
        found -> {
          if (found instanceof Found.RegularFile file) {
            sums[0]++;
            sums[1] += file.size();
          }
        });
    boolean known = !paths.contains(IngestRun.STANDARD_INPUT);
    return new IngestDisplay.Expected(sums[0], known ? sums[1] : -1);
  }

  private void summarize(IngestProgress done, double seconds) {
    output.note(
        "%s: %s%s"
            .formatted(
                ProgressText.done(done.complete(), done.bytesComplete(), seconds),
                novelty(done),
                done.failed() == 0 ? "" : "; " + done.failed() + " failed"));
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
