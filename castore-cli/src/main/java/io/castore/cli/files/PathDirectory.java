package io.castore.cli.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A directory known by its path, for platforms without anything better. Between a look at a name
 * and its use, another program could put a symbolic link there.
 */
final class PathDirectory implements OpenDirectory {
  private final Path path;

  PathDirectory(Path path) {
    this.path = path;
  }

  @Override
  public boolean isHeld() {
    return false;
  }

  @Override
  public Optional<FileKind> kindOf(Path name) throws IOException {
    try {
      return Optional.of(
          FileKind.of(
              Files.readAttributes(
                  path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public void createChild(Path name) throws IOException {
    try {
      Files.createDirectory(path.resolve(name));
    } catch (FileAlreadyExistsException made) {
      if (!Files.isDirectory(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        throw made;
      }
    }
  }

  @Override
  public OpenDirectory openChild(Path name) throws IOException {
    Path child = path.resolve(name);
    if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(child.toString());
    }
    return new PathDirectory(child);
  }

  @Override
  public OutputStream createFile(Path name) throws IOException {
    return Files.newOutputStream(
        path.resolve(name),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path name) throws IOException {
    Files.delete(path.resolve(name));
  }

  @Override
  public void close() {}
}
