package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.Workers;
import io.castore.audit.verify.Verification;
import io.castore.audit.verify.VerifyOptions;
import io.castore.audit.verify.VerifySummary;
import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.config.InvalidConfigException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the store and names what is damaged or missing. */
@Command(
    name = "verify",
    description = {
      "Reads every chunk and every blob object of the store, and names each one that is damaged or"
          + " missing, once, with the blobs and the sources that it hits. Exit code 1 if there are"
          + " any.",
      "",
      "What should be there is read from the topics, as all that COMPLETE uploads made and nobody"
          + " dropped. Uploads may go on meanwhile; garbage collection should not run."
    })
final class AuditVerifyCommand extends CastoreCommand {
  private final Output output;

  @Option(names = "--deep", description = "Also read every blob, and check its digest.")
  private boolean deep;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      description = "How many of the chunks are read, others each time. Default: 100.")
  private double sample = 100;

  @Option(
      names = "--resume",
      description = "Go on where a verification with the same options was stopped.")
  private boolean resume;

  @Option(
      names = "--rate",
      paramLabel = "BYTES",
      description = "How much is read in a second, such as 50MB. Default: no bound.")
  private @Nullable String rate;

  @Option(
      names = "--offline",
      description =
          "Look at the store alone, without Kafka: what is gone altogether is not missed.")
  private boolean offline;

  AuditVerifyCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    VerifyOptions chosen = chosen();
    if (offline) {
      try (AuditSession session = AuditSession.offline(options(), output)) {
        session.store().probe();
        return verify(session, chosen, session.identity().orElse(""), Optional.empty());
      }
    }
    try (AuditSession session = AuditSession.quiet(options(), "audit verify", output)) {
      String owner = session.owner().orElse("");
      try (StoreLog log = session.readLog(owner, Optional.empty())) {
        return verify(session, chosen, owner, Optional.of(log));
      }
    }
  }

  private VerifyOptions chosen() throws InvalidConfigException {
    try {
      long bytes = rate == null ? 0 : Rates.parse(List.of(rate)).bytes();
      if (rate != null && bytes == 0) {
        throw new IllegalArgumentException(
            "--rate: " + rate + " (expected: bytes a second, such as 50MB)");
      }
      return new VerifyOptions(sample, deep, resume, bytes, Workers.DEFAULT_THREADS);
    } catch (IllegalArgumentException invalid) {
      throw new InvalidConfigException(String.valueOf(invalid.getMessage()), invalid);
    }
  }

  private int verify(
      AuditSession session, VerifyOptions chosen, String storeId, Optional<StoreLog> log)
      throws Exception {
    try (Verification verification =
        Verification.open(
            session.store(),
            storeId,
            log,
            chosen,
            new Verification.Directories(session.scratch(), session.state()),
            session.progress())) {
      VerifySummary summary = verification.run();
      verification.findings().visit(new AuditReport(output, options().json())::tell);
      tell(summary);
      output.flush();
      if (!offline) {
        LastReport.leave(session.config(), "audit verify", summary.isClean(), json(summary));
      }
      return summary.isClean() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private void tell(VerifySummary summary) throws Exception {
    if (options().json()) {
      output.result(json(summary));
    } else {
      output.result(
          "%s, %d of them read (%s), %s: %d damaged, %d missing"
              .formatted(
                  ProgressText.count(summary.chunks(), "chunk"),
                  summary.chunksRead(),
                  ProgressText.bytes(summary.bytesRead()),
                  ProgressText.count(summary.blobs(), "blob"),
                  summary.damaged(),
                  summary.missing()));
    }
  }

  private static ObjectNode json(VerifySummary summary) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("summary", "verify")
        .put("chunks", summary.chunks())
        .put("chunks_read", summary.chunksRead())
        .put("bytes_read", summary.bytesRead())
        .put("blobs", summary.blobs())
        .put("damaged", summary.damaged())
        .put("missing", summary.missing());
  }
}
