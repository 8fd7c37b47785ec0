package io.castore.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.audit.log.StoreLog;
import io.castore.audit.repair.OrderedWork;
import io.castore.audit.repair.Outcomes;
import io.castore.audit.repair.Repair;
import io.castore.audit.repair.RepairOutcome;
import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.audit.verify.Verification;
import io.castore.audit.verify.VerifyOptions;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.orders.ChunkOrders;
import io.castore.pipeline.streams.ChunkerGroup;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Mends what is damaged or missing, as far as the topics can. */
@Command(
    name = "repair",
    description = {
      "Mends what castore audit verify finds: chunks from the payloads that topic chunks still"
          + " holds, blob objects from the receipts. A chunk whose bytes are nowhere any more is"
          + " forgotten: the next upload of them stores it. Exit code 1 if anything is left.",
      "",
      "The services have to run, here or elsewhere, since they put chunks back. Garbage collection"
          + " should not run."
    })
final class AuditRepairCommand extends CastoreCommand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Output output;

  @Option(
      names = "--damaged",
      paramLabel = "FILE",
      description = "What castore audit verify --json printed. Default: verify now.")
  private @Nullable Path damaged;

  @Option(names = "--deep", description = "Verify deeply before.")
  private boolean deep;

  AuditRepairCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    Path keys = Files.createTempFile("castore-repair-", "");
    try {
      if (!list(keys)) {
        return ExitCode.FAILED;
      }
      return repair(keys);
    } finally {
      Files.deleteIfExists(keys);
    }
  }

  /**
   * Writes the keys of what is to be mended into a file, one a line.
   *
   * @return whether they can be mended here
   */
  private boolean list(Path keys) throws Exception {
    boolean[] lacksIdentity = {false};
    try (BufferedWriter lines = Files.newBufferedWriter(keys, StandardCharsets.US_ASCII);
        AuditSession session = AuditSession.quiet(options(), "audit repair", output)) {
      String owner = session.owner().orElse("");
      lacksIdentity[0] = !owner.isEmpty() && session.identity().isEmpty();
      if (lacksIdentity[0]) {
        output.note(
            "the store has no identity, without which no service works with it: castore audit"
                + " rebuild gives it back, and what else is missing");
      } else if (damaged != null) {
        copyKeys(damaged, lines);
      } else {
        try (StoreLog log = session.readLog(owner, Optional.empty());
            Verification verification =
                Verification.open(
                    session.store(),
                    owner,
                    Optional.of(log),
                    new VerifyOptions(100, deep, false, 0, 4),
                    new Verification.Directories(session.scratch(), session.state()),
                    session.progress())) {
          verification.run();
          verification
              .findings()
              .visit(
                  finding -> {
                    lines.write(finding.object().key());
                    lines.newLine();
                  });
        }
      }
    }
    return !lacksIdentity[0];
  }

  private static void copyKeys(Path report, BufferedWriter lines) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(report, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String key = parse(report, line).path("object").asText();
        if (!key.isEmpty()) {
          lines.write(key);
          lines.newLine();
        }
      }
    }
  }

  private static JsonNode parse(Path report, String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException notJson) {
      throw new IOException(
          report + ": \"" + line + "\" (expected: what castore audit verify --json printed)",
          notJson);
    }
  }

  private int repair(Path keys) throws Exception {
    try (AuditSession session = AuditSession.working(options(), "audit repair", output)) {
      String owner = session.owner().orElse("");
      String group = ChunkerGroup.application(session.config().topics(), owner).id();
      try (StoreLog log = session.readLog(owner, Optional.empty());
          Admin admin = Admin.create(session.config().kafkaClient());
          ChunkOrders orders = ChunkOrders.open(session.config(), owner);
          Repair repair =
              Repair.open(
                  session.config(),
                  session.store(),
                  log,
                  new OrderedWork(
                      orders,
                      new GroupOffsets(admin, group, session.config().topics().chunks().name()),
                      PATIENCE),
                  session.scratch(),
                  session.progress());
          BufferedReader lines = Files.newBufferedReader(keys, StandardCharsets.US_ASCII)) {
        for (String key = lines.readLine(); key != null; key = lines.readLine()) {
          Optional<BucketObject> object = BucketLayout.parse(key);
          if (object.isPresent()) {
            repair.take(object.get());
          }
        }
        return tell(repair.run());
      }
    }
  }

  private int tell(Outcomes outcomes) throws IOException {
    boolean[] isWhole = {true};
    outcomes.visit(
        outcome -> {
          isWhole[0] &= outcome.isWhole();
          tell(outcome);
        });
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("summary", "repair")
              .put("mended", outcomes.count(Result.MENDED))
              .put("was_whole", outcomes.count(Result.WAS_WHOLE))
              .put("forgotten", outcomes.count(Result.FORGOTTEN))
              .put("left", outcomes.count(Result.LEFT)));
    } else {
      output.result(
          "%d mended, %d whole already, %d forgotten, %d left"
              .formatted(
                  outcomes.count(Result.MENDED),
                  outcomes.count(Result.WAS_WHOLE),
                  outcomes.count(Result.FORGOTTEN),
                  outcomes.count(Result.LEFT)));
    }
    output.flush();
    return isWhole[0] ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void tell(RepairOutcome outcome) throws IOException {
    String result = outcome.result().name().toLowerCase(Locale.ROOT).replace('_', '-');
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance
              .objectNode()
              .put("object", outcome.object().key())
              .put("kind", AuditReport.kind(outcome.object()))
              .put("result", result)
              .put("reason", outcome.reason()));
    } else {
      output.result(
          "%-9s  %s%s"
              .formatted(
                  result,
                  outcome.object().key(),
                  outcome.reason().isEmpty() ? "" : "  (" + outcome.reason() + ")"));
    }
  }
}
