package io.castore.cli.command;

import io.castore.gc.RefusedException;
import io.castore.pipeline.config.CastoreConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Unpins a blob. */
@Command(
    name = "unpin",
    description =
        "Has a blob kept no longer than any other. One that was dropped before it was pinned has to be dropped again.")
final class UnpinCommand extends CastoreCommand {
  private final Output output;
  @Mixin private BlobArgument blob = new BlobArgument();

  UnpinCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    CastoreConfig config = options().config();
    try (GcSession session = GcSession.quiet(config, "unpin")) {
      PinCommand.pins(session, config).unpin(blob.digest());
      return ExitCode.DONE;
    } catch (RefusedException refused) {
      output.note(String.valueOf(refused.getMessage()));
      return ExitCode.FAILED;
    }
  }
}
