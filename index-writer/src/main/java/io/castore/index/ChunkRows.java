package io.castore.index;

import io.castore.content.layout.ChunkRef;
import io.castore.pipeline.records.UploadId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of each upload that the store holds by now: one row a chunk, never one growing value.
 * A key of the store is the 16 bytes of the upload's id, then the 8 bytes, big-endian, of the
 * chunk's place.
 */
final class ChunkRows {
  private static final int DELETE_BATCH = 1024;

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

  /** Takes one row of a scan. */
  @FunctionalInterface
  interface Visitor<X extends Exception> {
    void visit(long seq, ChunkRow row) throws X;
  }

  /** Visits the rows of an upload in the order of their places. */
  <X extends Exception> void forEach(UploadId id, Visitor<X> visitor) throws X {
    try (KeyValueIterator<Bytes, byte[]> rows = scan(id)) {
      while (rows.hasNext()) {
        var row = rows.next();
        visitor.visit(
            ByteBuffer.wrap(row.key.get()).getLong(UploadId.LENGTH), ChunkRow.of(row.value));
      }
    }
  }

  /** Gives the chunks of an upload in the order of their places. The caller closes the stream. */
  Stream<ChunkRef> stream(UploadId id) {
    KeyValueIterator<Bytes, byte[]> rows = scan(id);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .map(row -> ChunkRow.of(row.value))
        .map(row -> new ChunkRef(row.digest(), row.size()))
        .onClose(rows::close);
  }

  private KeyValueIterator<Bytes, byte[]> scan(UploadId id) {
    return store.range(key(id, 0), key(id, -1));
  }

  void deleteAll(UploadId id) {
    List<Bytes> batch = new ArrayList<>();
    do {
      batch.clear();
      try (KeyValueIterator<Bytes, byte[]> rows = scan(id)) {
        while (rows.hasNext() && batch.size() < DELETE_BATCH) {
          batch.add(rows.next().key);
        }
      }
      batch.forEach(store::delete);
    } while (batch.size() == DELETE_BATCH);
  }

  private static Bytes key(UploadId id, long seq) {
    return Bytes.wrap(
        ByteBuffer.allocate(UploadId.LENGTH + Long.BYTES).put(id.toBytes()).putLong(seq).array());
  }
}
