package io.castore.cli.files;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes listed files below one directory, and never outside it. A path's leading slash is dropped;
 * a path with a {@code ..} part is refused, and so is one that leads through, or to, a symbolic
 * link below the directory. {@code docs/files.md} has the rules as a table.
 *
 * <p>A file comes into being whole: its bytes go to a temporary name beside it, which then takes
 * the place of what was there. Contents are not forced to the disk. Directories stay open for the
 * files that come next: one that is moved meanwhile has them in its new place, and none can be
 * written where one is removed.
 *
 * <p>Safe for use by many threads. Of two writes to one path, that which ends last is seen.
 */
public final class RestoreTarget implements Closeable {
  /** Content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. Need not close the stream. An exception means that no file is made. */
    void copyTo(OutputStream out) throws IOException;
  }

  /** What a write did. */
  public enum Outcome {
    /** There was nothing of that name. */
    CREATED,
    /** There was a file, which is gone. */
    REPLACED
  }

  private final OpenDirectory root;
  private final OpenParents parents = new OpenParents();

  RestoreTarget(OpenDirectory root) {
    this.root = root;
  }

  /**
   * Opens a directory, which is made where it does not exist. Symbolic links on the way to it are
   * followed.
   *
   * @throws RestoreException if it can be neither opened nor made
   */
  public static RestoreTarget open(Path directory) throws RestoreException {
    String shown = PathText.of(directory).shown();
    try {
      // Also follows a symbolic link to a directory.
      Files.createDirectories(directory);
      return new RestoreTarget(OpenDirectory.open(directory));
    } catch (FileAlreadyExistsException notDirectory) {
      throw new RestoreException(
          shown, "is not a directory (expected: one, or a free name)", notDirectory);
    } catch (IOException failure) {
      throw RestoreException.failed(shown, failure);
    }
  }

  /**
   * Writes one file, with the directories that it needs.
   *
   * @param listedPath the path as a list has it
   * @param pathUri the exact path where {@code listedPath} is not exact, see {@link PathText}
   * @throws RestoreException if the path is refused or the file system fails; nothing is left of
   *     the file, and what was there is still there
   * @throws IOException if {@code content} throws it; the same holds
   */
  public Outcome write(String listedPath, @Nullable URI pathUri, Content content)
      throws IOException {
    List<Path> names = ListedPath.names(listedPath, pathUri);
    int last = names.size() - 1;
    if (last == 0) {
      return writeIn(root, names.get(0), listedPath, content);
    }
    OpenParents.Lease parent;
    try {
      parent = parents.take(names.subList(0, last), path -> openBelow(path, listedPath));
    } catch (RestoreException refused) {
      throw refused;
    } catch (IOException failure) {
      throw RestoreException.failed(listedPath, failure);
    }
    try (parent) {
      return writeIn(parent.directory(), names.get(last), listedPath, content);
    }
  }

  private OpenDirectory openBelow(List<Path> names, String listedPath) throws IOException {
    OpenDirectory directory = root;
    for (int depth = 0; depth < names.size(); depth++) {
      OpenDirectory child;
      try {
        child = enter(directory, names, depth, listedPath);
      } finally {
        closeUnlessRoot(directory);
      }
      directory = child;
    }
    return directory;
  }

  // One thread at a time: a directory that another has just made could be replaced while empty.
  private synchronized OpenDirectory enter(
      OpenDirectory directory, List<Path> names, int depth, String listedPath) throws IOException {
    Path name = names.get(depth);
    if (directory.kindOf(name).isEmpty()) {
      directory.createChild(name);
    }
    // Looked at before it is opened, since to open a named pipe would wait for a writer.
    FileKind kind = directory.kindOf(name).orElse(FileKind.DIRECTORY);
    if (kind != FileKind.DIRECTORY) {
      throw RestoreException.refused(
          listedPath, shown(names, depth) + " is a " + kind + " (expected: a directory)");
    }
    return directory.openChild(name);
  }

  private static String shown(List<Path> names, int depth) {
    Path path = names.get(0);
    for (int i = 1; i <= depth; i++) {
      path = path.resolve(names.get(i));
    }
    return PathText.of(path).shown();
  }

  private static Outcome writeIn(
      OpenDirectory parent, Path name, String listedPath, Content content) throws IOException {
    Path temporary = TemporaryName.next();
    Outcome outcome;
    OutputStream file;
    try {
      outcome = outcomeAt(parent, name, listedPath);
      file = parent.createFile(temporary);
    } catch (RestoreException refused) {
      throw refused;
    } catch (IOException failure) {
      throw RestoreException.failed(listedPath, failure);
    }
    try {
      try (OutputStream out = new TargetStream(file, listedPath)) {
        content.copyTo(out);
      }
      rename(parent, temporary, name, listedPath);
    } catch (IOException | RuntimeException | Error failure) {
      try {
        parent.delete(temporary);
      } catch (IOException leftBehind) {
        failure.addSuppressed(leftBehind);
      }
      throw failure;
    }
    return outcome;
  }

  private static Outcome outcomeAt(OpenDirectory parent, Path name, String listedPath)
      throws IOException {
    Optional<FileKind> kind = parent.kindOf(name);
    if (kind.isEmpty()) {
      return Outcome.CREATED;
    }
    if (kind.get() == FileKind.REGULAR_FILE) {
      return Outcome.REPLACED;
    }
    throw RestoreException.refused(
        listedPath, "there is a " + kind.get() + " (expected: nothing, or a file to replace)");
  }

  private static void rename(OpenDirectory parent, Path from, Path to, String listedPath)
      throws RestoreException {
    try {
      parent.rename(from, to);
    } catch (IOException failure) {
      throw RestoreException.failed(listedPath, failure);
    }
  }

  private void closeUnlessRoot(OpenDirectory directory) throws IOException {
    if (directory != root) {
      directory.close();
    }
  }

  /** Gives up the directory. What was written stays. */
  @Override
  public void close() throws IOException {
    try (root) {
      parents.close();
    }
  }

  /** Tells the failures of the file system from those of the content. */
  private static final class TargetStream extends FilterOutputStream {
    private final String listedPath;

    TargetStream(OutputStream file, String listedPath) {
      super(file);
      this.listedPath = listedPath;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException failure) {
        throw RestoreException.failed(listedPath, failure);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException failure) {
        throw RestoreException.failed(listedPath, failure);
      }
    }
  }
}
