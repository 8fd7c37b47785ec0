package io.castore.cli.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Optional;

/**
 * A directory in which files are written. Names are single, relative, and never followed where they
 * are symbolic links.
 *
 * <p>Safe for use by many threads, but for what the methods say.
 */
interface OpenDirectory extends Closeable {
  /**
   * Opens a directory, and follows symbolic links on the way to it. Where the platform can (Linux
   * does), it and everything below are held by their handles, so that nobody can put a symbolic
   * link in the place of a directory that was already looked at.
   */
  @SuppressWarnings("StreamResourceLeak") // The result closes it.
  static OpenDirectory open(Path directory) throws IOException {
    Path real = directory.toRealPath();
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return SecureDirectory.root(real, secure);
    }
    stream.close();
    return new PathDirectory(real);
  }

  /** Whether this stays the same directory, whatever is done to its path. */
  boolean isHeld();

  /** Tells what a name stands for; empty where nothing has it. */
  Optional<FileKind> kindOf(Path name) throws IOException;

  /** Makes a directory. One thread at a time may do so; there may be one of that name already. */
  void createChild(Path name) throws IOException;

  /** Opens a directory in this one. The caller closes it. */
  OpenDirectory openChild(Path name) throws IOException;

  /** Makes an empty file, which must not exist yet, to be written and closed by the caller. */
  OutputStream createFile(Path name) throws IOException;

  /** Gives a file another name at once, in place of a file that has it. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file. */
  void delete(Path name) throws IOException;
}
