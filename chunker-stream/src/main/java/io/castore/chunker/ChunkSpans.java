package io.castore.chunker;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.proto.pipeline.ChunkReceipt;
import io.opentelemetry.api.trace.Span;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;

/**
 * The parts of traces that a task is at: from when a chunk's record was taken until it is answered.
 * There are no more of them than records that wait for PUTs.
 *
 * <p>Used by the thread that runs the task.
 */
final class ChunkSpans {
  private static final String NAME = "store chunk";

  private final Tracing tracing;
  private final Map<Place, Span> open = new HashMap<>();

  ChunkSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  private record Place(UploadId upload, long seq) {}

  /** Takes note of a record that is going to be answered. */
  void begin(ReceivedChunk chunk, Headers headers) {
    Span span = tracing.follow(NAME, headers);
    if (span.isRecording()) {
      span.setAttribute("castore.upload", chunk.upload().toString());
      span.setAttribute("castore.chunk", chunk.digest().toString());
      open.put(new Place(chunk.upload(), chunk.record().getSeq()), span);
    }
  }

  /** Takes note of an answer. */
  void answered(PendingReceipt pending) {
    if (open.isEmpty()) {
      return;
    }
    ChunkReceipt receipt = pending.receipt();
    Span span = open.remove(new Place(pending.upload(), receipt.getSeq()));
    if (span != null) {
      span.setAttribute("castore.result", receipt.getResult().name());
      span.setAttribute("castore.bytes", Integer.toUnsignedLong(receipt.getRawSize()));
      span.end();
    }
  }

  /** Tells nothing of what was not answered: it comes again. */
  void discard() {
    open.clear();
  }
}
