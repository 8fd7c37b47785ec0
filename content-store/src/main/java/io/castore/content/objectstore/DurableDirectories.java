package io.castore.content.objectstore;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes directories whose entries survive a loss of power, and remembers which ones it knows to be
 * there, so that a known one costs nothing.
 *
 * <p>Safe for use by many threads, and beside other processes that do the same.
 */
final class DurableDirectories {
  /**
   * How many directories are remembered: all shards of chunks and of blobs, and some. At about 100
   * bytes each.
   */
  private static final int REMEMBERED = 140_000;

  /** Windows can neither open a directory nor needs it: its renames are journalled. */
  private static final boolean CAN_SYNC = File.separatorChar == '/';

  private final Path root;
  private final Set<Path> known = ConcurrentHashMap.newKeySet();

  DurableDirectories(Path root) {
    this.root = root;
  }

  /** Makes a directory at or below the root, and what is missing above it. */
  void make(Path directory) throws IOException {
    if (known.contains(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (directory.equals(root) || parent == null) {
      makeOutside(directory);
    } else {
      make(parent);
      makeOne(directory);
      // Also where another thread or process made it: it may not have come to its sync yet.
      sync(parent);
    }
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    known.add(directory);
  }

  private void makeOutside(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (Files.isDirectory(directory) || parent == null) {
      return;
    }
    makeOutside(parent);
    makeOne(directory);
    sync(parent);
  }

  private static void makeOne(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory)) {
        throw there;
      }
    }
  }

  /** Forgets all, since one that was known has gone. */
  void forget() {
    known.clear();
  }

  /** Returns when the directory's entries are on the disk. */
  static void sync(Path directory) throws IOException {
    if (CAN_SYNC) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
