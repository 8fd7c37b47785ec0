package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.content.digest.Digest;
import io.castore.gc.BlobDrops;
import io.castore.gc.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Drops blobs. */
@Command(
    name = "rm",
    description = {
      "Drops blobs: the uploads that have been complete by now do not keep them any longer. Prints the digest of each."
          + " They can be read until castore gc frees the space, and an upload of the same content keeps them again.",
      "",
      "What is pinned, or being uploaded, is refused."
    })
final class RmCommand extends CastoreCommand {
  private final Output output;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "DIGEST",
      arity = "0..*",
      converter = DigestConverter.class,
      description = "Blobs: 64 hex characters, b3:<base64> or blake3-<base64>.")
  private List<Digest> digests = List.of();

  @Option(
      names = "--source",
      paramLabel = "PREFIX",
      description =
          "Drop the blobs whose sources all have names that start so, such as s3://logs/.")
  private @Nullable String source;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = AgeConverter.class,
      description = "With --source: only what has been complete for longer, such as 30d.")
  private @Nullable Duration olderThan;

  @Option(names = "--dry-run", description = "With --source: only print what would be dropped.")
  private boolean dryRun;

  @Option(names = "--reason", paramLabel = "TEXT", description = "For people who ask why.")
  private String reason = "castore rm";

  RmCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    requireOneKind();
    try (GcSession session = GcSession.quiet(options().config(), "rm");
        BlobDrops drops =
            new BlobDrops(
                session.log().history(),
                session.log().rules(),
                session.store(),
                session.scratch(),
                InstantSource.system())) {
      drops.read();
      long refused = source == null ? dropEach(drops) : dropSources(drops, source);
      output.flush();
      return refused == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private void requireOneKind() {
    if (spec == null) {
      throw new IllegalStateException("the command was not parsed");
    }
    if (digests.isEmpty() == (source == null)) {
      throw new ParameterException(
          spec.commandLine(), "nothing to drop (expected: either DIGEST or --source)");
    }
    if (source == null && (dryRun || olderThan != null)) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run and --older-than go with --source");
    }
    if (source != null && source.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--source: \"\" (expected: what the names start with)");
    }
  }

  private long dropEach(BlobDrops drops) throws IOException {
    long refused = 0;
    for (Digest digest : digests) {
      try {
        drops.drop(digest, reason);
        tell(digest);
      } catch (RefusedException kept) {
        output.note(String.valueOf(kept.getMessage()));
        refused++;
      }
    }
    if (refused < digests.size()) {
      output.note("castore gc frees the space");
    }
    return refused;
  }

  private long dropSources(BlobDrops drops, String prefix) throws IOException {
    long dropped;
    try {
      dropped =
          drops.dropSources(
              prefix, olderThan == null ? Duration.ZERO : olderThan, dryRun, this::tellUnchecked);
    } catch (UncheckedIOException notPrinted) {
      throw notPrinted.getCause();
    }
    output.note(
        dryRun ? dropped + " would be dropped" : dropped + " dropped; castore gc frees the space");
    return 0;
  }

  private void tellUnchecked(Digest digest) {
    try {
      tell(digest);
    } catch (IOException notPrinted) {
      throw new UncheckedIOException(notPrinted);
    }
  }

  private void tell(Digest digest) throws IOException {
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("digest", digest.toHex())
              .put("dropped", !dryRun));
    } else {
      output.result(digest.toHex());
    }
  }
}
