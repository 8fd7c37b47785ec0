package io.castore.index;

import io.castore.pipeline.records.UploadId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the chunks of each upload: one row a chunk, never one growing value. A key of
 * the store is the 16 bytes of the upload's id, then the 8 bytes, big-endian, of the chunk's place.
 */
final class ChunkRows {
  private final KeyValueStore<Bytes, byte[]> store;

  ChunkRows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Nullable ChunkRow get(UploadId id, long seq) {
    byte[] row = store.get(key(id, seq));
    return row == null ? null : ChunkRow.of(row);
  }

  void put(UploadId id, long seq, ChunkRow row) {
    store.put(key(id, seq), row.toBytes());
  }

  /**
   * Goes through the rows of an upload in the order of their places, which are unsigned.
   *
   * @param from the first place that is of interest
   */
  Scan scan(UploadId id, long from) {
    return new Scan(store.range(key(id, from), key(id, -1)));
  }

  /** Goes through rows: before the first one at first. To be closed. */
  static final class Scan implements AutoCloseable {
    private final KeyValueIterator<Bytes, byte[]> rows;
    private @Nullable KeyValue<Bytes, byte[]> at;

    private Scan(KeyValueIterator<Bytes, byte[]> rows) {
      this.rows = rows;
    }

    /** Goes to the next row, and tells whether there is one. */
    boolean next() {
      at = rows.hasNext() ? rows.next() : null;
      return at != null;
    }

    long seq() {
      return ByteBuffer.wrap(at().key.get()).getLong(UploadId.LENGTH);
    }

    ChunkRow row() {
      return ChunkRow.of(at().value);
    }

    private KeyValue<Bytes, byte[]> at() {
      if (at == null) {
        throw new IllegalStateException("the scan stands before its first row or after its last");
      }
      return at;
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /**
   * Some rows were deleted.
   *
   * @param count how many
   * @param rest where the next ones begin, empty where no row is left
   */
  record Deleted(int count, OptionalLong rest) {}

  /**
   * Deletes some rows of an upload.
   *
   * @param from where the last call left off, 0 at first: what was deleted is not passed over again
   * @param limit how many rows at most
   */
  Deleted delete(UploadId id, long from, int limit) {
    List<Bytes> keys = new ArrayList<>();
    long last = from;
    try (Scan rows = scan(id, from)) {
      while (keys.size() < limit && rows.next()) {
        last = rows.seq();
        keys.add(key(id, last));
      }
    }
    keys.forEach(store::delete);
    boolean isEnd = keys.size() < limit || last == -1;
    return new Deleted(keys.size(), isEnd ? OptionalLong.empty() : OptionalLong.of(last + 1));
  }

  private static Bytes key(UploadId id, long seq) {
    return Bytes.wrap(
        ByteBuffer.allocate(UploadId.LENGTH + Long.BYTES).put(id.toBytes()).putLong(seq).array());
  }
}
