package io.castore.audit.log;

import io.castore.audit.table.Bytes;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import io.castore.pipeline.records.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The chunks of uploads, as receipts tell them. Safe for use by many threads. */
final class ChunkRows {
  private final Table rows;

  ChunkRows(Table rows) {
    this.rows = rows;
  }

  /** Takes the chunks of an upload. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    void visit(long seq, ChunkRef chunk) throws E;
  }

  void put(UploadId upload, long seq, Digest digest, int size) throws IOException {
    rows.put(
        Bytes.join(upload.toBytes(), Bytes.of(seq)), Bytes.join(digest.toBytes(), Bytes.of(size)));
  }

  Optional<ChunkRef> get(UploadId upload, long seq) throws IOException {
    return rows.get(Bytes.join(upload.toBytes(), Bytes.of(seq))).map(ChunkRows::chunk);
  }

  /** Visits an upload's chunks in order. */
  <E extends Exception> void visit(UploadId upload, Visitor<E> visitor) throws E, IOException {
    rows.visit(
        upload.toBytes(),
        (key, value) -> visitor.visit(ByteBuffer.wrap(key).getLong(UploadId.LENGTH), chunk(value)));
  }

  private static ChunkRef chunk(byte[] value) {
    return new ChunkRef(Digest.of(value, 0), ByteBuffer.wrap(value).getInt(Digest.LENGTH));
  }
}
