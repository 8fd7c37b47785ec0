package io.castore.content.chunking;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that does something before a read that may have to wait for more bytes. */
final class BeforeWaiting extends FilterInputStream {
  private final Action action;

  BeforeWaiting(InputStream in, Action action) {
    super(in);
    this.action = action;
  }

  /** What is done. An exception is the read's. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  @Override
  public int read() throws IOException {
    if (in.available() == 0) {
      action.run();
    }
    return in.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (in.available() == 0) {
      action.run();
    }
    return in.read(target, offset, length);
  }
}
