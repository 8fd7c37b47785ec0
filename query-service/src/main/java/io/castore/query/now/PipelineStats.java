package io.castore.query.now;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.pipeline.cluster.ChunkLog;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.query.uploads.UploadTotals;
import java.time.Instant;
import java.util.List;

/**
 * How the pipeline is, at one moment.
 *
 * <p>Immutable, and so safe for use by many threads.
 *
 * @param services what each running service says of itself
 * @param chunks what the topic of chunks holds
 * @param uploads what became of all uploads
 */
public record PipelineStats(List<ServiceStatus> services, ChunkLog chunks, UploadTotals uploads) {
  /** Copies the list. */
  public PipelineStats {
    services = List.copyOf(services);
  }

  /** Makes the object that programs get, from the service and from the command. */
  public ObjectNode json() {
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
