package io.castore.cli.command;

import io.castore.gc.BlobPins;
import io.castore.gc.RefusedException;
import io.castore.pipeline.config.CastoreConfig;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pins a blob. */
@Command(
    name = "pin",
    description =
        "Keeps a blob until it is unpinned, whatever drops it. When this ends with 0, no collection removes the blob,"
            + " not even one under way.")
final class PinCommand extends CastoreCommand {
  private final Output output;
  @Mixin private BlobArgument blob = new BlobArgument();

  @Option(names = "--reason", paramLabel = "TEXT", description = "For people who ask why.")
  private String reason = "";

  PinCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    CastoreConfig config = options().config();
    try (GcSession session = GcSession.working(config, "pin")) {
      GcProgress progress = new GcProgress(output, options().quiet());
      pins(session, config).pin(blob.digest(), reason, progress::waiting);
      return ExitCode.DONE;
    } catch (RefusedException refused) {
      output.note(String.valueOf(refused.getMessage()));
      return ExitCode.FAILED;
    }
  }

  static BlobPins pins(GcSession session, CastoreConfig config) {
    return new BlobPins(
        session.log().rules(),
        session.log().orders(),
        session.store(),
        InstantSource.system(),
        config.leavesOutSingleChunkBlobs());
  }
}
