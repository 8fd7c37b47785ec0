package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.audit.log.StoreLog;
import io.castore.audit.replay.Difference;
import io.castore.audit.replay.HistoryEntry;
import io.castore.audit.replay.Replay;
import io.castore.audit.replay.ReplaySummary;
import io.castore.audit.replay.ReplayWindow;
import io.castore.audit.replay.UploadHistory;
import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.records.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Computes from the topics what should be, and compares. */
@Command(
    name = "replay",
    description = {
      "Computes from the topics what should have become of each upload, and which objects should be"
          + " in the store, and names what differs: the same log and store give the same report."
          + " Exit code 1 if something is lost or wrong; objects that are there without need are"
          + " named and do not count.",
      "",
      "With --upload, tells every record that touched one upload."
    })
final class AuditReplayCommand extends CastoreCommand {
  private final Output output;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Leave out what was told before: 2026-11-01T12:00:00Z, 2026-11-01 or 7d.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Leave out what was told after.")
  private @Nullable Instant to;

  @Option(
      names = "--upload",
      paramLabel = "ID",
      converter = UploadsCommand.IdConverter.class,
      description = "Tell the history of this upload.")
  private @Nullable UploadId upload;

  AuditReplayCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (AuditSession session = AuditSession.quiet(options(), "audit replay", output)) {
      return upload == null ? replay(session) : tellHistory(session, upload);
    }
  }

  private int replay(AuditSession session) throws Exception {
    String owner = session.owner().orElse("");
    ReplayWindow window = new ReplayWindow(Optional.ofNullable(from), Optional.ofNullable(to));
    try (StoreLog log = session.readLog(owner, window.to());
        Replay replay =
            Replay.open(
                session.config(),
                session.store(),
                owner,
                log,
                window,
                session.scratch(),
                session.progress())) {
      ReplaySummary summary = replay.run();
      replay.differences().visit(this::tell);
      tell(summary);
      output.flush();
      if (from == null && to == null) {
        LastReport.leave(session.config(), "audit replay", summary.isClean(), json(summary));
      }
      return summary.isClean() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private void tell(Difference difference) throws IOException {
    String kind = name(difference.kind());
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("difference", kind)
              .put("subject", difference.subject())
              .put("detail", difference.detail()));
    } else {
      output.result("%-17s  %s  (%s)".formatted(kind, difference.subject(), difference.detail()));
    }
  }

  private void tell(ReplaySummary summary) throws IOException {
    if (options().json()) {
      output.result(json(summary));
      return;
    }
    output.result("uploads: " + uploads(summary));
    output.result(
        "should be in the store: %s of %s in %s of %s"
            .formatted(
                ProgressText.count(summary.blobs(), "blob"),
                ProgressText.bytes(summary.bytes()),
                ProgressText.count(summary.chunks(), "chunk"),
                ProgressText.bytes(summary.chunkBytes())));
    Map<String, Long> differences = differences(summary);
    output.result("differences: " + (differences.isEmpty() ? "none" : differences));
  }

  private static ObjectNode json(ReplaySummary summary) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("summary", "replay")
            .put("blobs", summary.blobs())
            .put("bytes", summary.bytes())
            .put("chunks", summary.chunks())
            .put("chunk_bytes", summary.chunkBytes());
    ObjectNode states = object.putObject("uploads");
    uploads(summary).forEach(states::put);
    ObjectNode kinds = object.putObject("differences");
    differences(summary).forEach(kinds::put);
    return object;
  }

  private static Map<String, Long> uploads(ReplaySummary summary) {
    Map<String, Long> uploads = new TreeMap<>();
    summary.uploads().forEach((state, count) -> uploads.put(state.name(), count));
    return uploads;
  }

  private static Map<String, Long> differences(ReplaySummary summary) {
    Map<String, Long> differences = new TreeMap<>();
    summary.differences().forEach((kind, count) -> differences.put(name(kind), count));
    return differences;
  }

  private static String name(Difference.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private int tellHistory(AuditSession session, UploadId id) throws IOException {
    try (UploadHistory history =
        UploadHistory.open(session.config(), id, session.scratch(), session.progress())) {
      long records = history.visit(this::tell);
      output.flush();
      if (records == 0) {
        output.note("no record of upload %s in the topics".formatted(id));
        return ExitCode.FAILED;
      }
      return ExitCode.DONE;
    }
  }

  private void tell(HistoryEntry entry) throws IOException {
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("time", entry.at().toString())
              .put("topic", entry.topic())
              .put("partition", entry.partition())
              .put("offset", entry.offset())
              .put("text", entry.text()));
    } else {
      output.result(
          "%s  %s-%d@%d  %s"
              .formatted(
                  entry.at(), entry.topic(), entry.partition(), entry.offset(), entry.text()));
    }
  }
}
