package io.castore.ingest;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The uploads that have begun here and have not ended yet, and when something was last heard of the
 * pipeline.
 *
 * <p>Safe for use by many threads.
 */
final class UploadsInFlight {
  private final Map<UploadId, Listener> listeners = new ConcurrentHashMap<>();
  private final AtomicLong heardAtNanos = new AtomicLong(System.nanoTime());

  /** Is told what is said of one upload, and of its end once. */
  interface Listener {
    /** Takes a status that is not final. */
    void advanced(UploadStatus status);

    /** Learns that chunks of the upload are asked for once more. */
    void requested(List<Long> seqs);

    /** Takes the upload's final status. */
    void ended(UploadStatus status);

    /** Learns that no end can be waited for. */
    void lost(PipelineUnavailableException failure);
  }

  /** Awaits an upload's end. The silence from before, when nothing was to be said, is over. */
  void begin(UploadId id, Listener listener) {
    heard();
    listeners.put(id, listener);
  }

  /** Takes what was said of any upload, ours or not. */
  void heard(UploadId id, UploadStatus status) {
    heard();
    if (UploadStates.isFinal(status.getState())) {
      end(id, listener -> listener.ended(status));
      return;
    }
    Listener listener = listeners.get(id);
    if (listener != null) {
      listener.advanced(status);
    }
  }

  /** Takes a request for chunks of any upload, ours or not. */
  void requested(UploadId id, List<Long> seqs) {
    Listener listener = listeners.get(id);
    if (listener != null) {
      heard();
      listener.requested(seqs);
    }
  }

  /** Notes that the pipeline lives, if that was said of an upload of ours. */
  void heard(UploadId id) {
    if (isAwaited(id)) {
      heard();
    }
  }

  /** Notes that the pipeline lives. */
  void heard() {
    heardAtNanos.set(System.nanoTime());
  }

  /** Tells how long nothing was heard of the pipeline. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardAtNanos.get());
  }

  /** Tells whether no upload is awaited. */
  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** Gives the uploads that have not ended. */
  List<UploadId> ids() {
    return List.copyOf(listeners.keySet());
  }

  /** Tells whether an upload's end is awaited. */
  boolean isAwaited(UploadId id) {
    return listeners.containsKey(id);
  }

  /** Awaits an upload's end no longer. */
  void forget(UploadId id) {
    listeners.remove(id);
  }

  /** Ends every upload here with a status, whatever becomes of it in the pipeline. */
  void endAll(UploadStatus status) {
    ids().forEach(id -> end(id, listener -> listener.ended(status)));
  }

  /** Gives every upload here up, whatever becomes of it in the pipeline. */
  void loseAll(PipelineUnavailableException failure) {
    ids().forEach(id -> end(id, listener -> listener.lost(failure)));
  }

  private void end(UploadId id, Consumer<Listener> how) {
    Listener listener = listeners.remove(id);
    if (listener != null) {
      how.accept(listener);
    }
  }
}
