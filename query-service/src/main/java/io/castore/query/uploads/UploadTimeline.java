package io.castore.query.uploads;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.time.Instant;

/**
 * When an upload came to what it came to, in milliseconds since 1970; 0 where that has not
 * happened, or was not seen. All but the first are the times of the status that told so first,
 * which is some seconds later at most.
 *
 * @param isWhole whether it was seen while it was open, so that no step was missed
 */
record UploadTimeline(
    long openedMs, long firstChunkMs, long sealedMs, long endedMs, boolean isWhole) {
  /** Begins with the first status that is seen. */
  static UploadTimeline of(UploadStatus status) {
    return new UploadTimeline(0, 0, 0, 0, status.getState() == State.OPEN).then(status);
  }

  /** What is known once a newer status has come. */
  UploadTimeline then(UploadStatus status) {
    long atMs = status.getUpdatedAtMs();
    return new UploadTimeline(
        first(openedMs, true, status.getOpenedAtMs()),
        first(firstChunkMs, isWhole && status.getChunksReceived() > 0, atMs),
        first(sealedMs, status.getState() == State.SEALED, atMs),
        first(endedMs, UploadStates.isFinal(status.getState()), atMs),
        isWhole);
  }

  private static long first(long knownMs, boolean isSo, long atMs) {
    return knownMs == 0 && isSo ? atMs : knownMs;
  }

  ObjectNode json(UploadId id, UploadStatus status) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("upload_id", id.toString())
            .put("state", status.getState().name())
            .put("whole", isWhole);
    ArrayNode events = object.putArray("events");
    add(events, "opened", openedMs);
    add(events, "first-chunk", firstChunkMs);
    add(events, "sealed", sealedMs);
    add(events, "ended", endedMs);
    return object;
  }

  private static void add(ArrayNode events, String event, long atMs) {
    if (atMs > 0) {
      events.addObject().put("event", event).put("at", Instant.ofEpochMilli(atMs).toString());
    }
  }
}
