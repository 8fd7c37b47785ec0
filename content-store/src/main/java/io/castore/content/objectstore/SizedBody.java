package io.castore.content.objectstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a body and holds it to the size that it told: one byte less or more fails, so that no store
 * ever keeps an object that was cut short.
 *
 * <p>Not thread-safe.
 */
final class SizedBody implements Closeable {
  private final String key;
  private final long size;
  private final InputStream stream;
  private long read;

  private SizedBody(String key, long size, InputStream stream) {
    this.key = key;
    this.size = size;
    this.stream = stream;
  }

  static SizedBody open(String key, ObjectBody body) throws IOException {
    return new SizedBody(key, body.size(), body.open());
  }

  /**
   * Reads into the array until it is full or the body has ended.
   *
   * @return how many bytes were read: less than the array's length only at the body's end
   * @throws IOException if the body cannot be read, or has another size than it told
   */
  int fill(byte[] buffer) throws IOException {
    int filled = stream.readNBytes(buffer, 0, buffer.length);
    read += filled;
    boolean ended = filled < buffer.length || (read == size && stream.read() < 0);
    if (read > size || (read == size && !ended)) {
      throw new IOException(
          "body of " + key + ": more than " + size + " bytes (expected: " + size + ")");
    }
    if (ended && read < size) {
      throw new IOException(
          "body of " + key + ": ended after " + read + " bytes (expected: " + size + ")");
    }
    return filled;
  }

  /** Reads all that is left. For bodies that are known to fit in memory. */
  byte[] readAll() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(size - read)];
    fill(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
