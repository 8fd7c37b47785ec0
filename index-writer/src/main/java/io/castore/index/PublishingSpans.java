package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;

/**
 * The parts of traces that a task is at: from when an upload's seal was taken until its end is
 * told. In memory alone, and bounded: where a task is handed over meanwhile, or ten thousand
 * uploads wait, that part of a trace is missing.
 *
 * <p>Used by the thread that runs the task.
 */
final class PublishingSpans {
  private static final String NAME = "publish blob";
  private static final int MOST_IN_MEMORY = 10_000;

  private final Tracing tracing;
  private final Map<UploadId, Span> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, Span> eldest) {
          return size() > MOST_IN_MEMORY;
        }
      };

  PublishingSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  /** Takes note of an upload that is sealed. */
  void sealed(UploadId id, Headers headers) {
    Span span = tracing.follow(NAME, headers);
    if (span.isRecording()) {
      span.setAttribute("castore.upload", id.toString());
      open.putIfAbsent(id, span);
    }
  }

  /** Takes note of what is told of an upload. */
  void told(UploadId id, UploadStatus status) {
    if (open.isEmpty() || !UploadStates.isFinal(status.getState())) {
      return;
    }
    Span span = open.remove(id);
    if (span == null) {
      return;
    }
    span.setAttribute("castore.state", status.getState().name());
    span.setAttribute("castore.bytes", status.getSize());
    span.setAttribute("castore.chunks", status.getChunkCount());
    if (status.getState() != State.COMPLETE) {
      span.setStatus(StatusCode.ERROR, status.getReason());
    }
    span.end();
  }
}
