package io.castore.query.uploads;

import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads pages from a store, the newest upload first: ids sort by age. A page ends where it is full,
 * and also where so much was looked at, or found, that it has to be enough for one request.
 *
 * <p>Immutable, and so safe for use by many threads.
 *
 * @param mostScanned uploads that are looked at for one page
 * @param mostBytes size of a page, as records of their topic; the last upload may go past it
 */
record UploadPages(int mostScanned, int mostBytes) {
  static final UploadPages DEFAULT = new UploadPages(50_000, 1 << 20);

  /**
   * Reads one page.
   *
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException if the store is closed
   */
  UploadPage read(ReadOnlyKeyValueStore<UploadId, UploadStatus> store, UploadQuery query) {
    if (query.range().isEmpty()) {
      return new UploadPage(List.of(), Optional.empty());
    }
    List<Upload> found = new ArrayList<>();
    int scanned = 0;
    long bytes = 0;
    UploadId last = query.range().last();
    try (KeyValueIterator<UploadId, UploadStatus> rows =
        store.reverseRange(query.range().first(), last)) {
      while (rows.hasNext()) {
        if (found.size() == query.limit() || scanned == mostScanned || bytes >= mostBytes) {
          return new UploadPage(found, Optional.of(last));
        }
        KeyValue<UploadId, UploadStatus> row = rows.next();
        last = row.key;
        scanned++;
        if (query.filter().matches(row.value)) {
          found.add(new Upload(row.key, row.value));
          bytes += row.value.getSerializedSize();
        }
      }
    }
    return new UploadPage(found, Optional.empty());
  }
}
