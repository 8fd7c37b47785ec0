package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.pipeline.cluster.Reports;
import io.castore.pipeline.config.CastoreConfig;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves what a command found in Kafka, for the console to show. */
final class LastReport {
  private static final Logger log = LoggerFactory.getLogger(LastReport.class);

  private LastReport() {}

  /**
   * Leaves a report. That it cannot is logged, and no failure of the command.
   *
   * @param command what was run: {@code audit verify}
   * @param isClean whether all was well
   * @param summary what {@code --json} prints of it
   */
  static void leave(CastoreConfig config, String command, boolean isClean, ObjectNode summary)
      throws InterruptedException {
    ObjectNode report =
        JsonNodeFactory.instance
            .objectNode()
            .put("command", command)
            .put("ended_at", Instant.now().toString())
            .put("clean", isClean);
    report.set("summary", summary);
    try {
      Reports.write(config, command, report.toString());
    } catch (KafkaException failed) {
      log.warn("Cannot leave the report of {} for others: {}", command, failed.getMessage());
    }
  }
}
