package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.ingest.UploadAbort;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.uploads.UploadJson;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Lists uploads, and aborts them. */
@Command(name = "uploads", description = "Lists uploads and their status, the oldest first.")
final class UploadsCommand extends CastoreCommand {
  private final Output output;

  @Option(names = "--follow", description = "Go on to tell of changes, until interrupted.")
  private boolean follow;

  UploadsCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (CastoreSystem system =
            follow
                ? CastoreSystem.openWorking(options().config(), "uploads", false)
                : CastoreSystem.openQuiet(options().config(), "uploads");
        TopicTail<UploadId, UploadStatus> statuses =
            new TopicTail<>(system.config(), system.config().topics().uploadStatus());
        AtInterrupt atInterrupt = AtInterrupt.run(() -> end(statuses, system))) {
      Map<UploadId, UploadStatus> newest = new TreeMap<>();
      statuses.readToEnd(newest::put);
      for (Map.Entry<UploadId, UploadStatus> upload : newest.entrySet()) {
        tell(upload.getKey(), upload.getValue());
      }
      newest.clear();
      output.flush();
      while (follow && !atInterrupt.interrupted()) {
        statuses.readMore(this::tell);
        output.flush();
      }
    } catch (WakeupException interrupted) {
      // Told to end.
    }
    return ExitCode.DONE;
  }

  private static void end(TopicTail<?, ?> statuses, CastoreSystem system) {
    statuses.wakeUp();
    system.close();
  }

  private void tell(UploadId id, UploadStatus status) throws IOException {
    if (options().json()) {
      output.result(UploadJson.of(id, status));
    } else {
      output.result(UploadText.line(id, status));
    }
  }

  /** Aborts an upload. */
  @Command(
      name = "abort",
      description = "Gives up an upload that has not ended. Nothing of it is published.",
      mixinStandardHelpOptions = true)
  Integer abort(
      @Parameters(paramLabel = "ID", converter = IdConverter.class, description = "The upload.")
          UploadId id)
      throws Exception {
    try (CastoreSystem system =
        CastoreSystem.openWorking(options().config(), "uploads abort", false)) {
      UploadStatus ended = UploadAbort.abort(system.config(), id, "by request");
      tell(id, ended);
      output.flush();
      if (ended.getState() == UploadStatus.State.ABORTED) {
        return ExitCode.DONE;
      }
      output.note("upload " + id + " was " + ended.getState() + " already");
      return ExitCode.FAILED;
    }
  }

  /** Reads an upload's id from the command line. */
  static final class IdConverter implements ITypeConverter<UploadId> {
    @Override
    public UploadId convert(String text) {
      try {
        return UploadId.parse(text);
      } catch (IllegalArgumentException notAnId) {
        throw new TypeConversionException(notAnId.getMessage());
      }
    }
  }
}
