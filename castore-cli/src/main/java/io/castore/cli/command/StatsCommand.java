package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.pipeline.cluster.ChunkLog;
import io.castore.pipeline.cluster.ServiceStatuses;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.now.PipelineStats;
import io.castore.query.uploads.UploadTotals;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;

/** Tells how the pipeline is. */
@Command(
    name = "stats",
    description = {
      "Tells which services run and whether they wait for the store, how much waits in Kafka to be stored, and what"
          + " became of all uploads so far.",
      "",
      "Bytes in Kafka are estimates, from the sizes of its partitions."
    })
final class StatsCommand extends CastoreCommand {
  private final Output output;

  StatsCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (CastoreSystem system = CastoreSystem.openQuiet(options().config(), "stats");
        Admin admin = system.admin()) {
      CastoreConfig config = system.config();
      PipelineStats stats =
          new PipelineStats(
              ServiceStatuses.read(config),
              ChunkLog.read(admin, config, ChunkerGroup.find(config)),
              uploads(config));
      if (options().json()) {
        output.result(stats.json());
      } else {
        for (String line : StatsText.lines(stats)) {
          output.result(line);
        }
      }
      output.flush();
    }
    return ExitCode.DONE;
  }

  private static UploadTotals uploads(CastoreConfig config) {
    Map<UploadId, UploadStatus> newest = new HashMap<>();
    try (TopicTail<UploadId, UploadStatus> statuses =
        new TopicTail<>(config, config.topics().uploadStatus())) {
      statuses.<RuntimeException>readToEnd(newest::put);
    }
    return UploadTotals.of(newest.values());
  }
}
