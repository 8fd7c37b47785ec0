package io.castore.cli.listing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads a manifest line by line, in bounded memory. Not thread-safe. */
public final class ManifestReader implements Closeable {
  private final LineReader lines;

  /** Takes over a stream of UTF-8, which {@link #close} closes. */
  public ManifestReader(InputStream in) {
    this.lines = new LineReader(in);
  }

  /**
   * Reads the next line.
   *
   * @return empty at the end
   * @throws IOException if the stream throws it
   */
  public Optional<ListedLine<ManifestEntry>> next() throws IOException {
    return lines.next(ManifestEntry::parse);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
