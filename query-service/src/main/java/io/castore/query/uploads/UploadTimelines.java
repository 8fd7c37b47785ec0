package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The timelines of the uploads that changed last, some thousands of them: a few hundred kilobytes.
 *
 * <p>Safe for use by many threads.
 */
final class UploadTimelines {
  static final int MOST_UPLOADS = 4096;

  private final Map<UploadId, UploadTimeline> timelines =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, UploadTimeline> eldest) {
          return size() > MOST_UPLOADS;
        }
      };

  /** Takes the newest status of an upload. */
  synchronized void add(UploadId id, UploadStatus status) {
    UploadTimeline known = timelines.get(id);
    timelines.put(id, known == null ? UploadTimeline.of(status) : known.then(status));
  }

  /** Gives what is known of an upload that has a status. */
  synchronized UploadTimeline of(Upload upload) {
    UploadTimeline known = timelines.get(upload.id());
    return known == null ? UploadTimeline.of(upload.status()) : known;
  }
}
