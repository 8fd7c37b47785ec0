package io.castore.cli.command;

import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.query.now.PipelineStats;
import io.castore.query.uploads.UploadTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes how the pipeline is, for people. */
final class StatsText {
  private StatsText() {}

  static List<String> lines(PipelineStats stats) {
    List<String> lines = new ArrayList<>();
    for (ServiceStatus service : stats.services()) {
      lines.add(
          "service  %-8s %s  %s since %s%s"
              .formatted(
                  service.getRole(),
                  service.getInstance(),
                  service.getState(),
                  Instant.ofEpochMilli(service.getSinceMs()),
                  service.getReason().isEmpty() ? "" : ": " + service.getReason()));
    }
    if (stats.services().isEmpty()) {
      lines.add("service  none runs");
    }
    lines.add("backlog  " + size(stats.chunks().backlog()) + " to be stored");
    lines.add("kept     " + size(stats.chunks().tail()) + " stored already, in Kafka for replay");
    UploadTotals uploads = stats.uploads();
    lines.add(
        "uploads  "
            + (uploads.byState().isEmpty()
                ? "none"
                : uploads.byState().entrySet().stream()
                    .map(state -> state.getValue() + " " + state.getKey())
                    .collect(Collectors.joining(", "))));
    lines.add(
        "bytes    %s came, %s in %s were new; dedup ratio %s"
            .formatted(
                ProgressText.bytes(uploads.bytes()),
                ProgressText.bytes(uploads.newBytes()),
                ProgressText.count(uploads.newChunks(), "chunk"),
                String.format(Locale.ROOT, "%.2f", uploads.dedupRatio())));
    return lines;
  }

  private static String size(ChunkBacklog.Size size) {
    return ProgressText.count(size.records(), "record") + ", " + ProgressText.bytes(size.bytes());
  }
}
