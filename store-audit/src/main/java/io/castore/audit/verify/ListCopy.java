package io.castore.audit.verify;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A blob object's bytes at hand, so that no connection to the store is kept while its chunks are
 * looked at: in memory, or in a file where they are many.
 *
 * <p>Safe for use by many threads, but for {@link #close}.
 */
final class ListCopy implements AutoCloseable {
  private static final int MOST_IN_MEMORY = 1 << 20;

  private final byte[] start;
  private final @Nullable Path file;

  private ListCopy(byte[] start, @Nullable Path file) {
    this.start = start;
    this.file = file;
  }

  /**
   * Copies a stream, which it does not close.
   *
   * @param directory for the file
   */
  static ListCopy of(InputStream in, Path directory) throws IOException {
    byte[] start = in.readNBytes(MOST_IN_MEMORY);
    if (start.length < MOST_IN_MEMORY) {
      return new ListCopy(start, null);
    }
    Path file = Files.createTempFile(directory, "list-", "");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(start);
      in.transferTo(out);
    } catch (IOException failed) {
      Files.deleteIfExists(file);
      throw failed;
    }
    return new ListCopy(new byte[0], file);
  }

  /** Opens the bytes from the first one on. */
  InputStream open() throws IOException {
    return file == null
        ? new ByteArrayInputStream(start)
        : new BufferedInputStream(Files.newInputStream(file));
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
