package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.ingest.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Bytes that can be read again, and the rest of which may be held back. */
final class HeldSource implements Source {
  private final String name;
  private final byte[] content;
  private final int heldAt;
  private final CountDownLatch held = new CountDownLatch(1);

  private HeldSource(String name, byte[] content, int heldAt) {
    this.name = name;
    this.content = content;
    this.heldAt = heldAt;
  }

  /** Holds nothing back. */
  HeldSource(String name, byte[] content) {
    this(name, content, content.length);
    goOn();
  }

  /** Gives so many bytes, and the rest when it is told to. */
  static HeldSource heldAt(String name, byte[] content, int bytes) {
    return new HeldSource(name, content, bytes);
  }

  void goOn() {
    held.countDown();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream open() {
    return new SequenceInputStream(
        new ByteArrayInputStream(Arrays.copyOf(content, heldAt)), new Rest());
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) {}

  @Override
  public boolean canReadAgain() {
    return true;
  }

  private final class Rest extends InputStream {
    private final InputStream rest =
        new ByteArrayInputStream(content, heldAt, content.length - heldAt);

    private void await() throws IOException {
      try {
        held.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }

    @Override
    public int read() throws IOException {
      await();
      return rest.read();
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
      await();
      return rest.read(target, offset, wanted);
    }
  }
}
