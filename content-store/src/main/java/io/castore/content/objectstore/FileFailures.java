package io.castore.content.objectstore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a failure of the file system means to the caller: whether it may heal, and what a
 * person can do.
 */
final class FileFailures {
  /** Less free space than this is taken as a full disk, whatever the system's words, in bytes. */
  private static final long FULL_BELOW = 1 << 20;

  private final String store;
  private final Path root;

  FileFailures(String store, Path root) {
    this.store = store;
    this.root = root;
  }

  /** Tells whether the failure only says that there is no such object. */
  boolean meansAbsent(Path path, IOException failure) {
    Path obstacle = fileAmongParents(path);
    return obstacle == null
        ? failure instanceof NoSuchFileException
        : obstacle.startsWith(root) && !obstacle.equals(root);
  }

  /** Gives what to throw in place of a failure of the file system. */
  IOException explain(String operation, Path path, IOException failure) {
    if (failure instanceof StoreRefusedException || failure instanceof StoreUnavailableException) {
      return failure;
    }
    String about = store + ": " + operation + ": ";
    Path obstacle = fileAmongParents(path);
    if (obstacle != null) {
      return new StoreRefusedException(
          about + obstacle + " is a file (expected: a directory, or nothing)", failure);
    }
    if (failure instanceof AccessDeniedException) {
      return new StoreRefusedException(
          about
              + "permission denied at "
              + failure.getMessage()
              + " (expected: a directory below which this user may read, write and make"
              + " directories)",
          failure);
    }
    if (Files.isDirectory(path)) {
      return new StoreRefusedException(
          about + path + " is a directory (expected: a file, or nothing)", failure);
    }
    // The system's words come in the user's language, so they are the last thing to go by.
    String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (words.contains("no space") || words.contains("quota") || isFull()) {
      return new StoreUnavailableException(
          about + "the disk or the quota is full (free some space below " + root + ")", failure);
    }
    if (words.contains("read-only") || isReadOnly()) {
      return new StoreRefusedException(
          about + "the file system is mounted read-only (expected: one to write to)", failure);
    }
    if (words.contains("name too long")) {
      return new StoreRefusedException(
          about + "the path is too long for this file system: " + path, failure);
    }
    return new StoreUnavailableException(about + failure, failure);
  }

  private static @Nullable Path fileAmongParents(Path path) {
    for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
      if (Files.exists(parent)) {
        return Files.isDirectory(parent) ? null : parent;
      }
    }
    return null;
  }

  private boolean isFull() {
    try {
      return Files.getFileStore(root).getUsableSpace() < FULL_BELOW;
    } catch (IOException unknown) {
      return false;
    }
  }

  private boolean isReadOnly() {
    try {
      return Files.getFileStore(root).isReadOnly();
    } catch (IOException unknown) {
      return false;
    }
  }
}
