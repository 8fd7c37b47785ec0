package io.castore.index;

import io.castore.pipeline.records.UploadId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When each upload is to be looked at again, so that finding those that are due takes no scan of
 * all. A key of the store is the 8 bytes, big-endian, of the time in milliseconds, then the 16
 * bytes of the upload's id; values are one byte without a meaning.
 */
final class Deadlines {
  private static final byte[] PRESENT = {1};

  private final KeyValueStore<Bytes, byte[]> store;

  Deadlines(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * An entry.
   *
   * @param atMs when the upload is to be looked at
   */
  record Deadline(long atMs, UploadId id) {}

  void add(long atMs, UploadId id) {
    store.put(key(atMs, id), PRESENT);
  }

  void remove(Deadline deadline) {
    store.delete(key(deadline.atMs(), deadline.id()));
  }

  /** Gives the earliest entries that are due, at most so many. */
  List<Deadline> due(long nowMs, int limit) {
    Bytes none = Bytes.wrap(new byte[Long.BYTES]);
    Bytes now = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(nowMs).array());
    List<Deadline> due = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(none, now)) {
      while (entries.hasNext() && due.size() < limit) {
        ByteBuffer key = ByteBuffer.wrap(entries.next().key.get());
        long atMs = key.getLong();
        byte[] id = new byte[UploadId.LENGTH];
        key.get(id);
        due.add(new Deadline(atMs, UploadId.of(id)));
      }
    }
    return due;
  }

  private static Bytes key(long atMs, UploadId id) {
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + UploadId.LENGTH).putLong(atMs).put(id.toBytes()).array());
  }
}
