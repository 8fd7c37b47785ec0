package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.audit.log.StoreLog;
import io.castore.audit.rebuild.Rebuild;
import io.castore.audit.rebuild.RebuildSummary;
import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.cluster.StateOwners;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills a store from the topics. */
@Command(
    name = "rebuild",
    description = {
      "Fills an empty or a damaged store from the topics: the same objects under the same keys."
          + " What is there and whole stays. Chunks come from the payloads that topic chunks still"
          + " holds (chunks.tail.bytes); what cannot be rebuilt is named, with exit code 1.",
      "",
      "Stop the services, or have them wait: they do while the store has no identity, which is"
          + " written last. Several processes started with the same options share the work, and one"
          + " that was stopped goes on."
    })
final class AuditRebuildCommand extends CastoreCommand {
  private final Output output;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description =
          "Fill a copy with what was complete then: 2026-11-01T12:00:00Z, 2026-11-01 or 7d. Name"
              + " the copy with --store.")
  private @Nullable Instant at;

  AuditRebuildCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (AuditSession session = AuditSession.quiet(options(), "audit rebuild", output)) {
      Optional<Instant> time = Optional.ofNullable(at);
      Optional<String> owner =
          time.isPresent() ? new StateOwners(session.config()).owner() : session.owner();
      if (owner.isEmpty()) {
        output.note("nothing was ever stored by way of these topics: there is nothing to rebuild");
        return ExitCode.FAILED;
      }
      try (StoreLog log = session.readLog(owner.get(), time);
          Rebuild rebuild =
              Rebuild.open(
                  session.config(),
                  new Rebuild.Target(session.store(), owner.get(), time),
                  log,
                  session.scratch(),
                  session.progress())) {
        RebuildSummary summary = rebuild.run();
        rebuild.lost().visit(new AuditReport(output, options().json())::tell);
        tell(summary);
        output.flush();
        return summary.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
      }
    }
  }

  private void tell(RebuildSummary summary) throws IOException {
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("summary", "rebuild")
              .put("chunks", summary.chunks())
              .put("chunks_written", summary.chunksWritten())
              .put("bytes_written", summary.bytesWritten())
              .put("chunks_lost", summary.chunksLost())
              .put("blobs", summary.blobs())
              .put("blobs_written", summary.blobsWritten())
              .put("blobs_lost", summary.blobsLost())
              .put("chunks_forgotten", summary.chunksForgotten())
              .put("wrote_identity", summary.wroteIdentity()));
      return;
    }
    output.result(
        "%s: %d written (%s), %d lost"
            .formatted(
                ProgressText.count(summary.chunks(), "chunk"),
                summary.chunksWritten(),
                ProgressText.bytes(summary.bytesWritten()),
                summary.chunksLost()));
    output.result(
        "%s: %d written, %d lost"
            .formatted(
                ProgressText.count(summary.blobs(), "blob"),
                summary.blobsWritten(),
                summary.blobsLost()));
    if (summary.chunksForgotten() > 0) {
      output.result(
          "%s forgotten, which the next upload of them stores"
              .formatted(ProgressText.count(summary.chunksForgotten(), "chunk")));
    }
    if (summary.wroteIdentity()) {
      output.result("the store has its identity again");
    }
  }
}
