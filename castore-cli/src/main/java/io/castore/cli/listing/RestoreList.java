package io.castore.cli.listing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what is to be restored, line by line and in bounded memory, from a manifest or from {@code
 * <hex64> <path>} lines. A line that starts with a brace is a manifest's; no other can.
 *
 * <p>Not thread-safe.
 */
public final class RestoreList implements Closeable {
  private final LineReader lines;

  /** Takes over a stream of UTF-8, which {@link #close} closes. */
  public RestoreList(InputStream in) {
    this.lines = new LineReader(in);
  }

  /**
   * Reads the next line.
   *
   * @return empty at the end
   * @throws IOException if the stream throws it
   */
  public Optional<ListedLine<RestoreItem>> next() throws IOException {
    return lines.next(RestoreList::parse);
  }

  private static RestoreItem parse(String line) throws MalformedLineException {
    if (line.startsWith("{")) {
      ManifestEntry entry = ManifestEntry.parse(line);
      return new RestoreItem(
          entry.path(), entry.pathUri(), entry.digest(), OptionalLong.of(entry.size()));
    }
    ChecksumLine entry = ChecksumLine.parse(line);
    return new RestoreItem(entry.path(), null, entry.digest(), OptionalLong.empty());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
