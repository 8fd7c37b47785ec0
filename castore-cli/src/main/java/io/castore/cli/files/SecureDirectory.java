package io.castore.cli.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Optional;
import java.util.Set;

/** A directory known by its handle: what it stands for cannot be changed by another program. */
final class SecureDirectory implements OpenDirectory {
  private final Path rootPath;
  private final SecureDirectoryStream<Path> root;
  private final SecureDirectoryStream<Path> self;

  private SecureDirectory(
      Path rootPath, SecureDirectoryStream<Path> root, SecureDirectoryStream<Path> self) {
    this.rootPath = rootPath;
    this.root = root;
    this.self = self;
  }

  /** Takes over the handle of the topmost directory. */
  static SecureDirectory root(Path path, SecureDirectoryStream<Path> handle) {
    return new SecureDirectory(path, handle, handle);
  }

  @Override
  public boolean isHeld() {
    return true;
  }

  @Override
  public Optional<FileKind> kindOf(Path name) throws IOException {
    try {
      return Optional.of(
          FileKind.of(
              self.getFileAttributeView(
                      name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                  .readAttributes()));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The JDK makes directories by path alone, and moves by handle. So one is made in the topmost
   * directory, whose path is the person's word, and moved to its place.
   */
  @Override
  public void createChild(Path name) throws IOException {
    Path temporary = TemporaryName.next();
    Files.createDirectory(rootPath.resolve(temporary));
    try {
      root.move(temporary, self, name);
    } catch (AtomicMoveNotSupportedException otherFileSystem) {
      root.deleteDirectory(temporary);
      throw new FileSystemException(
          name.toString(), null, "is to be made on another file system (expected: made by hand)");
    } catch (IOException failure) {
      root.deleteDirectory(temporary);
      if (kindOf(name).orElse(null) != FileKind.DIRECTORY) {
        throw failure;
      }
    }
  }

  @Override
  public OpenDirectory openChild(Path name) throws IOException {
    return new SecureDirectory(
        rootPath, root, self.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public OutputStream createFile(Path name) throws IOException {
    return Channels.newOutputStream(
        self.newByteChannel(
            name,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    self.move(from, self, to);
  }

  @Override
  public void delete(Path name) throws IOException {
    self.deleteFile(name);
  }

  @Override
  public void close() throws IOException {
    self.close();
  }
}
