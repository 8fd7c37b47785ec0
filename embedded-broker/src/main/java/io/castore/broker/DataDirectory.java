package io.castore.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;

/**
 * The directory that one broker keeps its data in, locked for this process and formatted.
 *
 * <table>
 *   <caption>What lies in it</caption>
 *   <tr><td>{@code broker.lock}</td><td>locked while a broker uses the directory; never
 *       deleted</td></tr>
 *   <tr><td>{@code logs}</td><td>Kafka's log directory: there whole and formatted, or not
 *       there</td></tr>
 *   <tr><td>{@code logs.formatting}</td><td>what becomes {@code logs} by a rename; one that is found
 *       at a start was left by a process that died, and is deleted</td></tr>
 * </table>
 *
 * <p>Kafka has a lock of its own, but takes it only after it has opened the metadata log; two
 * processes would by then both write there.
 *
 * <p>Not thread-safe: one thread opens it and closes it.
 */
final class DataDirectory implements AutoCloseable {
  /** Less than this much free space, in bytes, is a full disk. */
  static final long MIN_FREE_BYTES = 16L << 20;

  private final Path logs;
  private final FileChannel lockFile;

  private DataDirectory(Path logs, FileChannel lockFile) {
    this.logs = logs;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory where it is absent, locks it, and formats it where no broker ever started
   * on it.
   *
   * @throws BrokerStartException if another broker uses the directory, if it cannot be written, if
   *     the disk is full, or if there is a comma in its path
   */
  static DataDirectory open(Path path) throws BrokerStartException {
    Path directory = path.toAbsolutePath().normalize();
    if (directory.toString().contains(",")) {
      throw new BrokerStartException(
          "data directory: " + directory + " (expected: no comma, which separates Kafka's paths)",
          null);
    }
    FileChannel lockFile = openLockFile(directory);
    try {
      lock(directory, lockFile);
      requireFreeSpace(directory);
      Path logs = directory.resolve("logs");
      if (!Files.exists(logs)) {
        format(directory, logs);
      }
      return new DataDirectory(logs, lockFile);
    } catch (BrokerStartException e) {
      Utils.closeQuietly(lockFile, "lock file");
      throw e;
    } catch (Exception e) {
      Utils.closeQuietly(lockFile, "lock file");
      throw unusable(directory, e);
    }
  }

  /** Kafka's log directory. */
  Path logs() {
    return logs;
  }

  /** Lets another broker have the directory. */
  @Override
  public void close() {
    Utils.closeQuietly(lockFile, "lock file");
  }

  private static FileChannel openLockFile(Path directory) throws BrokerStartException {
    try {
      Files.createDirectories(directory);
      return FileChannel.open(
          directory.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static void lock(Path directory, FileChannel lockFile) throws IOException {
    boolean locked;
    try {
      locked = lockFile.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // The other broker is in this very process.
      locked = false;
    }
    if (!locked) {
      throw new BrokerStartException(
          "data directory in use by another broker: "
              + directory
              + " (expected: one process a directory; stop the other one, or choose another"
              + " directory)",
          null);
    }
  }

  private static void requireFreeSpace(Path directory) throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < MIN_FREE_BYTES) {
      throw new BrokerStartException(
          "free space for data directory "
              + directory
              + ": "
              + free
              + " bytes (expected: at least "
              + MIN_FREE_BYTES
              + "; free some, or choose a directory on another disk)",
          null);
    }
  }

  private static void format(Path directory, Path logs) throws Exception {
    Path formatting = directory.resolve("logs.formatting");
    Utils.delete(formatting.toFile());
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(BrokerSettings.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
          .addDirectory(formatting.toString())
          .setMetadataLogDirectory(formatting.toString())
          // After a crash, this feature takes a broker's replicas out of the in-sync set, since the
          // other replicas may know more. There are no others here.
          .setFeatureLevel(EligibleLeaderReplicasVersion.FEATURE_NAME, (short) 0)
          .run();
    }
    Files.move(formatting, logs, StandardCopyOption.ATOMIC_MOVE);
    Utils.flushDir(directory);
  }

  private static BrokerStartException unusable(Path directory, Exception cause) {
    return new BrokerStartException(
        "data directory cannot be used: "
            + directory
            + ": "
            + cause
            + " (expected: a directory that this process can write to)",
        cause);
  }
}
