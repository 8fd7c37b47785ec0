package io.castore.content.objectstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a store is still writing. They lie in a directory of the store, so that a rename
 * to an object's place stays within one file system; the directory's name is no legal part of a
 * key, so that it hides no object.
 *
 * <p>A process that is killed leaves its files. They are removed when a store is opened on the same
 * directory, but only after {@link #ABANDONED_AFTER} without a write: a living writer, also on
 * another machine, writes more often than that. Should it not, it fails and nothing else comes of
 * it.
 *
 * <p>Safe for use by many threads.
 */
final class TemporaryFiles {
  /** Name of the directory within the store. */
  static final String NAME = "tmp~";

  static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private static final int BUFFER = 128 * 1024;
  private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

  private final Path directory;
  private final DurableDirectories directories;
  private final FileFailures failures;

  TemporaryFiles(Path root, DurableDirectories directories, FileFailures failures) {
    this.directory = root.resolve(NAME);
    this.directories = directories;
    this.failures = failures;
  }

  /** Removes what killed processes left. What cannot be removed stays, with a warning. */
  void removeAbandoned(Clock clock) {
    Instant oldest = clock.instant().minus(ABANDONED_AFTER);
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)
            && Files.deleteIfExists(file)) {
          removed++;
        }
      }
    } catch (NoSuchFileException | NotDirectoryException nothingLeft) {
      return;
    } catch (IOException | DirectoryIteratorException failure) {
      log.warn("{}: abandoned temporary files may be left: {}", directory, failure.toString());
    }
    if (removed > 0) {
      log.info("{}: removed {} temporary files that were abandoned", directory, removed);
    }
  }

  /**
   * Writes a body to a new file, which is on the disk when this returns. On failure there is no
   * file.
   *
   * @throws IOException what the body threw, as it is, or what {@link FileFailures} makes of the
   *     file system's failure
   */
  Path write(String key, ObjectBody body) throws IOException {
    String operation = "write " + key;
    Path file = directory.resolve(UUID.randomUUID().toString());
    try (SizedBody source = SizedBody.open(key, body)) {
      FileChannel created = create(operation, file);
      try (FileChannel target = created) {
        fill(operation, file, target, source, (int) Math.min(BUFFER, Math.max(1, body.size())));
      } catch (IOException | RuntimeException failure) {
        remove(file);
        throw failure;
      }
    }
    return file;
  }

  private void fill(
      String operation, Path file, FileChannel target, SizedBody source, int bufferBytes)
      throws IOException {
    byte[] buffer = new byte[bufferBytes];
    for (int filled = source.fill(buffer); filled > 0; filled = next(source, buffer, filled)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
      while (bytes.hasRemaining()) {
        step(operation, file, () -> target.write(bytes));
      }
    }
    step(
        operation,
        file,
        () -> {
          target.force(true);
          return 0;
        });
  }

  private static int next(SizedBody source, byte[] buffer, int filled) throws IOException {
    return filled < buffer.length ? 0 : source.fill(buffer);
  }

  private FileChannel create(String operation, Path file) throws IOException {
    try {
      directories.make(directory);
      try {
        return createNew(file);
      } catch (NoSuchFileException directoryGone) {
        directories.forget();
        directories.make(directory);
        return createNew(file);
      }
    } catch (IOException failure) {
      throw failures.explain(operation, file, failure);
    }
  }

  private static FileChannel createNew(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void step(String operation, Path file, Step step) throws IOException {
    try {
      step.run();
    } catch (IOException failure) {
      throw failures.explain(operation, file, failure);
    }
  }

  /** Removes a file, if it is there. */
  void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      // Worth no failure of the caller's: it is found again when it is old.
      log.warn("{}: a temporary file is left: {}", file, failure.toString());
    }
  }

  @FunctionalInterface
  private interface Step {
    int run() throws IOException;
  }
}
