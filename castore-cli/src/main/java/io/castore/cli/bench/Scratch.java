package io.castore.cli.bench;

import io.castore.cli.progress.ProgressText;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A new directory, which is deleted with all that is in it, unless it is to be kept.
 *
 * @param path where it is
 */
record Scratch(Path path, boolean keep) implements AutoCloseable {
  private static final String PREFIX = "castore-bench-";

  /**
   * Makes one.
   *
   * @param parent the directory to make it in; empty for the system's own for such things
   */
  static Scratch in(Optional<Path> parent, boolean keep) throws IOException {
    if (parent.isEmpty()) {
      return new Scratch(Files.createTempDirectory(PREFIX).toRealPath(), keep);
    }
    Path directory = Files.createDirectories(parent.get()).toRealPath();
    return new Scratch(Files.createTempDirectory(directory, PREFIX), keep);
  }

  /**
   * Makes sure that there is room.
   *
   * @throws InvalidConfigException if there is not
   */
  void require(long bytes) throws IOException, InvalidConfigException {
    long free = Files.getFileStore(path).getUsableSpace();
    if (free < bytes) {
      throw new InvalidConfigException(
          "work directory: %s has %s free (expected: at least %s; see --work-dir)"
              .formatted(path, ProgressText.bytes(free), ProgressText.bytes(bytes)),
          null);
    }
  }

  /** Makes a directory in it. */
  Path make(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  /** Deletes a directory in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    if (!keep) {
      delete(path);
    }
  }
}
