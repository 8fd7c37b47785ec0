package io.castore.content.objectstore;

import java.io.IOException;
import java.io.InputStream;

/** A body whose bytes follow from their position, so that a large one takes no memory. */
record GeneratedBody(long size, long given, int seed) implements ObjectBody {
  static GeneratedBody of(long size) {
    return new GeneratedBody(size, size, 0);
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        return position >= given ? -1 : byteAt(position++) & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        int count = (int) Math.min(length, given - position);
        for (int i = 0; i < count; i++) {
          target[offset + i] = byteAt(position++);
        }
        return count <= 0 ? -1 : count;
      }
    };
  }

  private byte byteAt(long position) {
    return (byte) (position * 31 + (position >>> 13) + seed);
  }

  /** Tells whether a stream gives these bytes, no more and no less. */
  boolean matches(InputStream stream) throws IOException {
    byte[] read = new byte[1 << 16];
    byte[] expected = new byte[1 << 16];
    try (InputStream source = open()) {
      while (true) {
        int count = stream.readNBytes(read, 0, read.length);
        int wanted = source.readNBytes(expected, 0, expected.length);
        if (count != wanted || !java.util.Arrays.equals(read, 0, count, expected, 0, count)) {
          return false;
        }
        if (count == 0) {
          return true;
        }
      }
    }
  }
}
