package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.pipeline.cluster.ChunkLog;
import io.castore.proto.pipeline.ServiceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the pipeline is, for people and for programs.
 *
 * @param services what each running service says of itself
 * @param chunks what the topic of chunks holds
 */
record PipelineStats(List<ServiceStatus> services, ChunkLog chunks, UploadTotals uploads) {
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (ServiceStatus service : services) {
      lines.add(
          "service  %-8s %s  %s since %s%s"
              .formatted(
                  service.getRole(),
                  service.getInstance(),
                  service.getState(),
                  Instant.ofEpochMilli(service.getSinceMs()),
                  service.getReason().isEmpty() ? "" : ": " + service.getReason()));
    }
    if (services.isEmpty()) {
      lines.add("service  none runs");
    }
    lines.add("backlog  " + size(chunks.backlog()) + " to be stored");
    lines.add("kept     " + size(chunks.tail()) + " stored already, in Kafka for replay");
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

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode running = root.putArray("services");
    for (ServiceStatus service : services) {
      ObjectNode one =
          running
              .addObject()
              .put("role", service.getRole())
              .put("instance", service.getInstance())
              .put("state", service.getState().name())
              .put("since", Instant.ofEpochMilli(service.getSinceMs()).toString());
      if (!service.getReason().isEmpty()) {
        one.put("reason", service.getReason());
      }
    }
    put(root.putObject("backlog"), chunks.backlog());
    put(root.putObject("kept"), chunks.tail());
    ObjectNode states = root.putObject("uploads");
    uploads.byState().forEach((state, count) -> states.put(state.name(), count));
    return root.put("bytes", uploads.bytes())
        .put("new_bytes", uploads.newBytes())
        .put("new_chunks", uploads.newChunks())
        .put("dedup_ratio", uploads.dedupRatio());
  }

  private static void put(ObjectNode object, ChunkBacklog.Size size) {
    object.put("records", size.records()).put("bytes", size.bytes());
  }
}
