package io.castore.ingest;

import io.castore.content.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/** Bytes that can be read again, and replaced by others. Safe for use by many threads. */
final class MemorySource implements Source {
  private volatile byte[] content;
  private volatile int opened;

  MemorySource(byte[] content) {
    this.content = content;
  }

  /** Makes bytes that do not repeat. */
  static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  void become(byte[] other) {
    content = other;
  }

  /** How often it was opened. */
  int opened() {
    return opened;
  }

  @Override
  public String name() {
    return "memory:source";
  }

  @Override
  public InputStream open() throws IOException {
    synchronized (this) {
      opened++;
    }
    return new ByteArrayInputStream(content);
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) {
    // Changes are found in the content.
  }

  @Override
  public boolean canReadAgain() {
    return true;
  }
}
