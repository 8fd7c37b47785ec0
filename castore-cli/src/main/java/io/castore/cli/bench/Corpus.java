package io.castore.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that are measured with.
 *
 * @param root a directory, or one file; absolute
 * @param files the regular files in it, links not followed
 * @param bytes the length of all of them
 */
public record Corpus(Path root, List<File> files, long bytes) {
  /**
   * A file.
   *
   * @param path absolute
   * @param bytes its length
   */
  public record File(Path path, long bytes) {}

  /** Keeps the list as it is now. */
  public Corpus {
    files = List.copyOf(files);
  }

  /**
   * Looks what there is.
   *
   * @throws IOException if it cannot be read, or has no files with anything in them
   */
  public static Corpus of(Path path) throws IOException {
    Path root = path.toRealPath();
    List<File> files = new ArrayList<>();
    long bytes = 0;
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Corpus::isRegular).sorted().toList()) {
        files.add(new File(file, Files.size(file)));
        bytes += Files.size(file);
      }
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
    if (bytes == 0) {
      throw new IOException(path + ": nothing to measure with (expected: files with content)");
    }
    return new Corpus(root, files, bytes);
  }

  private static boolean isRegular(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Its name within {@link #directory}. */
  String name() {
    return root.getFileName().toString();
  }

  /** The directory that it is in, where commands run that name it. */
  public Path directory() {
    Path parent = root.getParent();
    return parent == null ? root : parent;
  }

  /**
   * Compares a copy with it, byte for byte.
   *
   * @param copy where the copy of {@link #directory} is
   * @throws IOException if a file is missing or differs, which is named, or there are more of them
   */
  public void compare(Path copy) throws IOException {
    for (File file : files) {
      Path restored = copy.resolve(directory().relativize(file.path()));
      if (!Files.isRegularFile(restored) || Files.mismatch(file.path(), restored) >= 0) {
        throw new IOException(restored + ": not the same as " + file.path());
      }
    }
    try (Stream<Path> all = Files.walk(copy)) {
      long restored = all.filter(Files::isRegularFile).count();
      if (restored != files.size()) {
        throw new IOException(
            "%s: %d files (expected: %d)".formatted(copy, restored, files.size()));
      }
    }
  }
}
