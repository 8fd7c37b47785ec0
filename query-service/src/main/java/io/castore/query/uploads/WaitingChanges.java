package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes that one reader has not taken yet: of each upload only the newest, in the order in which
 * the uploads came. Where more wait than may, all are dropped for good, and the reader has to look
 * for itself.
 *
 * <p>Safe for use by many threads.
 */
final class WaitingChanges {
  /** Bounds for one reader. Readers share the statuses themselves. */
  static final int MOST_UPLOADS = 2048;

  static final long MOST_BYTES = 2 << 20;

  private final Map<UploadId, UploadStatus> newest = new LinkedHashMap<>();
  private long bytes;
  private boolean overflown;

  /** Adds a change, in place of an older one of the same upload. */
  synchronized void put(UploadId id, UploadStatus status) {
    if (overflown) {
      return;
    }
    UploadStatus older = newest.put(id, status);
    bytes += status.getSerializedSize() - (older == null ? 0 : older.getSerializedSize());
    if (newest.size() > MOST_UPLOADS || bytes > MOST_BYTES) {
      overflown = true;
      newest.clear();
      bytes = 0;
    }
  }

  /** Adds a status that may be older than what waits of the upload. */
  synchronized void putIfNone(UploadId id, UploadStatus status) {
    if (!newest.containsKey(id)) {
      put(id, status);
    }
  }

  /** Takes the change that has waited longest, or null where there is none. */
  synchronized @Nullable Upload poll() {
    Iterator<Map.Entry<UploadId, UploadStatus>> waiting = newest.entrySet().iterator();
    if (!waiting.hasNext()) {
      return null;
    }
    Map.Entry<UploadId, UploadStatus> first = waiting.next();
    Upload upload = new Upload(first.getKey(), first.getValue());
    waiting.remove();
    bytes -= upload.status().getSerializedSize();
    return upload;
  }

  synchronized boolean hasOverflown() {
    return overflown;
  }
}
