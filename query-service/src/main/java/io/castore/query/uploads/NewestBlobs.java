package io.castore.query.uploads;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Finds the blobs of the newest uploads that are complete. */
final class NewestBlobs {
  private static final UploadFilter COMPLETE =
      new UploadFilter(Set.of(UploadStatus.State.COMPLETE), "");

  /** Pages that are read: of many uploads of few blobs not all are looked at. */
  private static final int MOST_PAGES = 4;

  private NewestBlobs() {}

  /**
   * Reads so many blobs at most.
   *
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException if the store is closed
   */
  static KnownBlobs read(ReadOnlyKeyValueStore<UploadId, UploadStatus> store, int most) {
    Map<Digest, KnownBlob> found = new LinkedHashMap<>();
    IdRange range = IdRange.ALL;
    for (int page = 0; page < MOST_PAGES; page++) {
      UploadPage read =
          UploadPages.DEFAULT.read(
              store, new UploadQuery(COMPLETE, range, UploadParameters.MOST_UPLOADS));
      for (Upload upload : read.uploads()) {
        KnownBlob blob = blob(upload.status());
        if (found.size() == most && !found.containsKey(blob.digest())) {
          return new KnownBlobs(List.copyOf(found.values()), false);
        }
        found.putIfAbsent(blob.digest(), blob);
      }
      if (read.next().isEmpty()) {
        return new KnownBlobs(List.copyOf(found.values()), true);
      }
      range = IdRange.ALL.before(read.next().get());
    }
    return new KnownBlobs(List.copyOf(found.values()), false);
  }

  private static KnownBlob blob(UploadStatus status) {
    return new KnownBlob(
        Digest.of(status.getBlobDigest().toByteArray()),
        status.getSource(),
        status.getSize(),
        status.getChunkCount());
  }
}
