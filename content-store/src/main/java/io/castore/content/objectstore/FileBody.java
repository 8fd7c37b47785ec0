package io.castore.content.objectstore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads an object's file, of which the size is known: all of a small one in one piece, while {@link
 * InputStream#readNBytes(int)} gathers pieces of some KiB and then copies them.
 *
 * <p>Not thread-safe.
 */
final class FileBody extends FilterInputStream {
  private static final int LARGEST_PIECE = 1 << 20;

  private final long size;

  /**
   * Takes over a file's stream that is at its start.
   *
   * @param size of the file, in bytes; a file that was replaced since may have another
   */
  FileBody(InputStream file, long size) {
    super(file);
    this.size = size;
  }

  @Override
  public byte[] readNBytes(int length) throws IOException {
    if (length < size || size > LARGEST_PIECE) {
      return super.readNBytes(length);
    }
    byte[] bytes = new byte[(int) size];
    int read = in.readNBytes(bytes, 0, bytes.length);
    if (read < bytes.length) {
      return Arrays.copyOf(bytes, read);
    }
    int next = length == read ? -1 : in.read();
    if (next < 0) {
      return bytes;
    }
    // Somebody makes the file longer.
    byte[] rest = super.readNBytes(length - read - 1);
    ByteBuffer all = ByteBuffer.allocate(read + 1 + rest.length);
    return all.put(bytes).put((byte) next).put(rest).array();
  }
}
