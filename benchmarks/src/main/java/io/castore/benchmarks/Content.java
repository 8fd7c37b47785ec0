package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes that a benchmark works on: the same files that the yardsticks read. */
final class Content {
  /** The system property that names the directory of the files. */
  static final String DIRECTORY = "castore.benchmarks.data";

  private Content() {}

  /** Reads the first {@code bytes} bytes of the file of a kind. */
  static byte[] read(DataKind kind, int bytes) throws IOException {
    Path file = Path.of(System.getProperty(DIRECTORY, ".")).resolve(kind.fileName());
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(bytes);
      if (content.length < bytes) {
        throw new IOException(
            file + ": " + content.length + " bytes (expected: at least " + bytes + ")");
      }
      return content;
    }
  }
}
