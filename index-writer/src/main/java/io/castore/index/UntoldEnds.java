package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.state.UploadHeader;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The uploads that have ended and whose final status is not told yet. A final status is told only
 * after the header that says so is durable in its changelog, as is the deadline that goes with it:
 * were the header lost in a crash, the records would come again, perhaps in another order, and the
 * upload could end in another way.
 *
 * <p>To make a header durable, all that the task has sent is waited for. So they are told many at a
 * time. Which of them wait is in memory alone: if the task dies, the deadline has the next one tell
 * it, or else the record that ended the upload, which was not committed and comes again.
 *
 * <p>Not thread-safe.
 */
final class UntoldEnds {
  /** More are told at once. */
  static final int MOST_WAITING = 500;

  private final KeyValueStore<UploadId, UploadHeader> headers;
  private final Outlet outlet;
  private final Set<UploadId> waiting = new LinkedHashSet<>();

  UntoldEnds(KeyValueStore<UploadId, UploadHeader> headers, Outlet outlet) {
    this.headers = headers;
    this.outlet = outlet;
  }

  /** Has an end told whose header and deadline were written by this task. */
  void add(UploadId id) {
    waiting.add(id);
    if (waiting.size() >= MOST_WAITING) {
      tell();
    }
  }

  /** Tells all that wait. Costs nothing where none does. */
  void tell() {
    if (waiting.isEmpty()) {
      return;
    }
    outlet.flush();
    waiting.forEach(id -> outlet.tell(id, headers.get(id).getStatus()));
    waiting.clear();
  }
}
