package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.pipeline.sources.SourceCatalogue;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists sources. */
@Command(
    name = "ls",
    description = {
      "Lists what was ingested by the names of the sources, in the order of names: one line a source, \"<digest>  <name>\","
          + " of its newest version.",
      "",
      "A source whose content was removed since (castore rm) is left out; with --json it is shown, with"
          + " \"removed\":true. Reads Kafka, so --server cannot be used."
    })
final class LsCommand extends CastoreCommand {
  private final Output output;

  @Parameters(
      paramLabel = "PREFIX",
      arity = "0..1",
      description =
          "What the names start with, such as s3://bucket/dir/, or a path: the file there and all that is below it."
              + " Default: all sources.")
  private String prefix = "";

  @Option(names = "--long", description = "Also print the size, and when the version was complete.")
  private boolean showAll;

  LsCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    SourceSelection selection = SourceSelection.of(prefix);
    try (CastoreSystem system = CastoreSystem.openQuiet(options().config(), "ls");
        SourceCatalogue catalogue =
            SourceCatalogue.read(system.config(), system.config().stateDir().resolve("scratch"))) {
      selection.visit(catalogue, (name, entry) -> tell(name, entry, catalogue.isDropped(entry)));
      output.flush();
    }
    return ExitCode.DONE;
  }

  private void tell(String name, SourceEntry entry, boolean removed) throws IOException {
    if (options().json()) {
      output.result(SourceText.json(name, entry, removed));
    } else if (!removed) {
      output.result(showAll ? SourceText.longLine(name, entry) : SourceText.line(name, entry));
    }
  }
}
