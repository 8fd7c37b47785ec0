package io.castore.pipeline.scratch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A directory for scratch data of this process, gone when it is closed. What killed processes left
 * behind goes when the next one opens its own.
 *
 * <p>Safe for use by many threads, and beside other processes below the same parent.
 *
 * @param path the directory
 */
public record ScratchDirectory(Path path) implements AutoCloseable {
  private static final String START = "process-";

  /**
   * Makes one.
   *
   * @param parent made where it is missing; for scratch data alone
   * @throws IOException if it cannot be made
   */
  public static ScratchDirectory open(Path parent) throws IOException {
    Files.createDirectories(parent);
    try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, START + "*")) {
      for (Path other : others) {
        if (!isOfLivingProcess(other)) {
          remove(other);
        }
      }
    }
    return new ScratchDirectory(
        Files.createTempDirectory(parent, START + ProcessHandle.current().pid() + "-"));
  }

  private static boolean isOfLivingProcess(Path directory) {
    String[] parts = String.valueOf(directory.getFileName()).split("-", 3);
    try {
      return parts.length > 1
          && ProcessHandle.of(Long.parseLong(parts[1])).map(ProcessHandle::isAlive).orElse(false);
    } catch (NumberFormatException notOurs) {
      return true;
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    remove(path);
  }
}
