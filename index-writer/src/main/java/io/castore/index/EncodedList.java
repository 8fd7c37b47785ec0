package io.castore.index;

import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The chunks of a blob as entries of a blob object, in memory or in a file. Can be read more than
 * once, by any thread.
 *
 * @param count how many chunks there are
 * @param size their raw bytes
 * @param entries their entries, also where the blob's object has none because it is a single chunk
 * @param file what is closed with this
 */
record EncodedList(long count, long size, ObjectBody entries, Closeable file) implements Closeable {
  /** What the blob's object has to be. */
  ObjectBody body() {
    return count < 2 ? ObjectBody.of(new byte[0]) : entries;
  }

  Comparison compare() throws IOException {
    return new Comparison(new BufferedInputStream(entries.open()));
  }

  /** Compares another list of chunks with this one, in order. Not thread-safe. */
  static final class Comparison implements Closeable {
    private final InputStream entries;

    private Comparison(InputStream entries) {
      this.entries = entries;
    }

    /**
     * Tells whether the next entry is that of a chunk. Where it is not, nothing is known of the
     * entries after it.
     */
    boolean nextIs(ChunkRef chunk) throws IOException {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      BlobIndex.writeEntry(chunk, expected);
      byte[] entry = expected.toByteArray();
      return Arrays.equals(entries.readNBytes(entry.length), entry);
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
