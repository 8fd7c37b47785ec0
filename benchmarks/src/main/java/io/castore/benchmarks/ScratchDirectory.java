package io.castore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for the time of a run.
 *
 * @param path where it is
 */
public record ScratchDirectory(Path path) implements AutoCloseable {
  /** Makes one in another directory, which is made, too, if it is not there. */
  public static ScratchDirectory in(Path parent, String prefix) throws IOException {
    return new ScratchDirectory(
        Files.createTempDirectory(Files.createDirectories(parent).toRealPath(), prefix));
  }

  /** Deletes it and all that is in it. */
  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(path)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
