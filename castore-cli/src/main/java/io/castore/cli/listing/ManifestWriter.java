package io.castore.cli.listing;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a manifest line by line. Each line goes out whole and at once, so that a command that is
 * cut short leaves the lines of what it finished. Safe for use by many threads.
 */
public final class ManifestWriter implements Closeable {
  private final OutputStream out;

  /** Takes over a stream, which {@link #close} closes. */
  public ManifestWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Adds an entry at the end.
   *
   * @throws IOException if the stream throws it
   */
  public void write(ManifestEntry entry) throws IOException {
    byte[] line = (entry.format() + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      out.write(line);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
