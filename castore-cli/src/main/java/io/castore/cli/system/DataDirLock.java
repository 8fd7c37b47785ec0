package io.castore.cli.system;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to run the embedded system on a data directory. The operating system takes it back when
 * the process ends, however it ends.
 */
final class DataDirLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private DataDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, if nobody has it.
   *
   * @throws IOException if the directory cannot be made or written
   */
  static Optional<DataDirLock> tryTake(Path dataDir) throws IOException {
    Files.createDirectories(dataDir);
    FileChannel channel =
        FileChannel.open(
            dataDir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new DataDirLock(channel));
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // The same as being held by another one.
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
