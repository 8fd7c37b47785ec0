package io.castore.content.layout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.stream.Stream;

/** Gives the bytes of a blob object, of which it holds a few entries at a time. Not thread-safe. */
final class EntryStream extends InputStream {
  private static final int ENTRIES_AT_A_TIME = 256;

  private final Stream<ChunkRef> source;
  private final Iterator<ChunkRef> chunks;
  private final long expectedCount;
  private final long expectedLength;
  private long count;
  private long length;
  private byte[] entries = new byte[0];
  private int position;

  EntryStream(Stream<ChunkRef> source, long expectedCount, long expectedLength) {
    this.source = source;
    this.chunks = source.iterator();
    this.expectedCount = expectedCount;
    this.expectedLength = expectedLength;
  }

  @Override
  public int read() throws IOException {
    return fill() ? entries[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int given = Math.min(wanted, entries.length - position);
    System.arraycopy(entries, position, target, offset, given);
    position += given;
    return given;
  }

  @Override
  public void close() {
    source.close();
  }

  /** Tells whether there are bytes to give. */
  private boolean fill() throws IOException {
    if (position < entries.length) {
      return true;
    }
    ByteArrayOutputStream next = new ByteArrayOutputStream();
    for (int i = 0; i < ENTRIES_AT_A_TIME && chunks.hasNext(); i++) {
      BlobIndex.writeEntry(chunks.next(), next);
      count++;
    }
    entries = next.toByteArray();
    position = 0;
    length += entries.length;
    if (!chunks.hasNext() && (count != expectedCount || length != expectedLength)) {
      throw new IOException(
          "blob object: %d chunks in %d bytes (expected: %d in %d)"
              .formatted(count, length, expectedCount, expectedLength));
    }
    return entries.length > 0;
  }
}
