package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An upload that is whole, on its way to a blob object: its rows are read some at a time, and
 * checked once more, into the list that is to be written.
 *
 * <p>Belongs to the stream thread.
 */
final class Publication implements Closeable {
  private final WholeUpload whole;
  private final ChunkRows rows;
  private final ListSpool list;
  private long next;
  private Optional<String> fault = Optional.empty();

  Publication(WholeUpload whole, ChunkRows rows, ListSpool list) {
    this.whole = whole;
    this.rows = rows;
    this.list = list;
  }

  /**
   * An upload that takes no more records.
   *
   * @param header as it is while the upload is published
   * @param madeWholeBy the record after which it was whole, null where that is not known
   * @param only its only chunk, where no row of it is read; null where the rows are
   */
  record WholeUpload(
      UploadId id,
      UploadHeader header,
      @Nullable RecordPosition madeWholeBy,
      @Nullable ChunkRef only) {
    long count() {
      return header.getStatus().getChunkCount();
    }
  }

  WholeUpload whole() {
    return whole;
  }

  Digest blob() {
    return Digest.of(whole.header().getStatus().getBlobDigest().toByteArray());
  }

  /**
   * Reads more rows into the list.
   *
   * @param limit how many at most
   * @return how many were read
   */
  int read(int limit) throws IOException {
    UploadStatus sealed = whole.header().getStatus();
    if (whole.only() != null) {
      list.add(whole.only());
      next = 1;
      return 1;
    }
    int read = 0;
    try (ChunkRows.Scan scan = rows.scan(whole.id(), next)) {
      while (read < limit && next < sealed.getChunkCount()) {
        if (!scan.next() || scan.seq() != next || !scan.row().isThere()) {
          fault = Optional.of("chunk %d was there before, and is not any more".formatted(next));
          return read;
        }
        list.add(scan.row().chunk());
        next++;
        read++;
      }
    }
    if (isRead() && list.size() != sealed.getSize()) {
      fault =
          Optional.of(
              "the chunks have %d bytes (expected: %d)".formatted(list.size(), sealed.getSize()));
    }
    return read;
  }

  /** Whether there is nothing more to read. */
  boolean isRead() {
    return fault.isPresent() || next == whole.header().getStatus().getChunkCount();
  }

  /** What the rows, read again, say against the upload. */
  Optional<String> fault() {
    return fault;
  }

  /** Gives the list, which has to be closed in place of this. */
  EncodedList list() throws IOException {
    return list.finish();
  }

  @Override
  public void close() throws IOException {
    list.close();
  }
}
