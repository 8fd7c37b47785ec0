package io.castore.benchmarks.peers;

import io.castore.cli.bench.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two versions of the same files.
 *
 * @param name of both, in reports
 */
record Versions(String name, Corpus first, Corpus second) {
  /**
   * Looks for {@code v1} and {@code v2} in a directory.
   *
   * @throws IOException if one is missing or empty
   */
  static Versions in(Path directory) throws IOException {
    for (String version : new String[] {"v1", "v2"}) {
      if (!Files.isDirectory(directory.resolve(version))) {
        throw new IOException(
            directory + ": no directory " + version + " (expected: v1 and v2, as the same files)");
      }
    }
    Path root = directory.toRealPath();
    return new Versions(
        String.valueOf(root.getFileName()),
        Corpus.of(root.resolve("v1")),
        Corpus.of(root.resolve("v2")));
  }
}
