package io.castore.content.reading;

import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes that are read, and reads no more once it is closed. Safe for many threads. */
final class MeteredStore implements ObjectReader {
  private final ObjectReader store;
  private final LongAdder bytes = new LongAdder();
  private volatile boolean closed;

  MeteredStore(ObjectReader store) {
    this.store = store;
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    checkOpen();
    return store.open(key).map(in -> new Metered(in, bytes));
  }

  @Override
  public Optional<byte[]> readStart(String key, int length) throws IOException {
    checkOpen();
    Optional<byte[]> start = store.readStart(key, length);
    start.ifPresent(read -> bytes.add(read.length));
    return start;
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    checkOpen();
    return store.stat(key);
  }

  long bytesRead() {
    return bytes.sum();
  }

  /** Refuses what comes from now on. The store itself stays open. */
  void close() {
    closed = true;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("reading was closed");
    }
  }

  private static final class Metered extends FilterInputStream {
    private final LongAdder bytes;

    Metered(InputStream in, LongAdder bytes) {
      super(in);
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes.add(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      bytes.add(Math.max(0, read));
      return read;
    }

    /** As the stream does it, which may know how much there is. */
    @Override
    public byte[] readNBytes(int length) throws IOException {
      byte[] read = in.readNBytes(length);
      bytes.add(read.length);
      return read;
    }
  }
}
