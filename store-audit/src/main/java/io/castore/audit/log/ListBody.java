package io.castore.audit.log;

import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.LongStream;

/** Makes blob objects of what the log knows, without holding lists. */
public final class ListBody {
  private ListBody() {}

  /**
   * Gives the content of a blob's object. Its streams fail with an {@link UncheckedIOException}
   * where the log cannot be read any more.
   *
   * @param log must stay open while the body is read
   * @param blob one whose list is whole
   */
  public static ObjectBody of(StoreLog log, ExpectedBlob blob) {
    return BlobIndex.body(
        blob.chunkCount(),
        blob.encodedLength(),
        () -> LongStream.range(0, blob.chunkCount()).mapToObj(place -> chunk(log, blob, place)));
  }

  private static ChunkRef chunk(StoreLog log, ExpectedBlob blob, long place) {
    try {
      return log.chunk(blob, place)
          .orElseThrow(
              () ->
                  new IOException(
                      "chunk %d of blob %s is not in the log (expected: %d chunks)"
                          .formatted(place, blob.digest(), blob.chunkCount())));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
