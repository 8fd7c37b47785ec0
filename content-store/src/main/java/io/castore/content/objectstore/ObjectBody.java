package io.castore.content.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an object to be written. Can be read more than once, since a write may be tried
 * again.
 */
public interface ObjectBody {
  /** Tells how many bytes there are. */
  long size();

  /** Opens the bytes from the first one on. The caller closes the stream. */
  InputStream open() throws IOException;

  /** Wraps an array, which must not change until the write has returned. */
  static ObjectBody of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** Wraps a part of an array, which must not change until the write has returned. */
  static ObjectBody of(byte[] bytes, int offset, int length) {
    return new ObjectBody() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes, offset, length);
      }
    };
  }
}
