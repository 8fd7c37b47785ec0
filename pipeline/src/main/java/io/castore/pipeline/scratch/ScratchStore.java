package io.castore.pipeline.scratch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A sorted map of bytes, for sets and tables of a command that may have no place in memory. It
 * begins in memory and goes to disk when it grows large: most are small, and to open one on disk
 * and to close it takes a good part of the time of a command that has little to do. It is gone when
 * it is closed; what a process leaves that is killed goes when the next one opens one below the
 * same parent.
 *
 * <p>Takes 32 MiB of the heap at most, or a sixteenth of it where that is less; once it is on disk,
 * about 64 MiB of memory outside the heap, however much it holds. Safe for use by many threads, but
 * for {@link #close}, which must come after all else.
 */
public final class ScratchStore implements AutoCloseable {
  private static final long MOST_BYTES_IN_MEMORY =
      Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final ScratchDirectory directory;
  private final long mostBytesInMemory;

  /** Those who write share it; all of them wait while the entries go to disk. */
  private final ReadWriteLock writing = new ReentrantReadWriteLock();

  private volatile ScratchTable table = new MemoryTable();

  private ScratchStore(ScratchDirectory directory, long mostBytesInMemory) {
    this.directory = directory;
    this.mostBytesInMemory = mostBytesInMemory;
  }

  /**
   * Makes an empty one in a new directory.
   *
   * @param parent where the directory is made; made itself where it is missing; for scratch data
   *     alone
   * @throws IOException if it cannot be made
   */
  public static ScratchStore open(Path parent) throws IOException {
    return open(parent, MOST_BYTES_IN_MEMORY);
  }

  static ScratchStore open(Path parent, long mostBytesInMemory) throws IOException {
    return new ScratchStore(ScratchDirectory.open(parent), mostBytesInMemory);
  }

  /** Takes entries. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /** Takes the next entry; an exception ends the visit and reaches its caller. */
    void visit(byte[] key, byte[] value) throws E;
  }

  /** Writes an entry, in place of one that is there. */
  public void put(byte[] key, byte[] value) throws IOException {
    writing.readLock().lock();
    try {
      table.put(key, value);
    } finally {
      writing.readLock().unlock();
    }
    if (isTooLarge(table)) {
      moveToDisk();
    }
  }

  private boolean isTooLarge(ScratchTable entries) {
    return entries instanceof MemoryTable memory && memory.bytes() > mostBytesInMemory;
  }

  private void moveToDisk() throws IOException {
    writing.writeLock().lock();
    try {
      ScratchTable memory = table;
      if (isTooLarge(memory)) {
        DiskTable disk = DiskTable.open(directory.path());
        try {
          memory.<IOException>visit(new byte[0], disk::put);
        } catch (IOException failed) {
          disk.close();
          throw failed;
        }
        table = disk;
      }
    } finally {
      writing.writeLock().unlock();
    }
  }

  /** Removes an entry, if it is there. */
  public void remove(byte[] key) throws IOException {
    writing.readLock().lock();
    try {
      table.remove(key);
    } finally {
      writing.readLock().unlock();
    }
  }

  /** Gives the value of a key. */
  public Optional<byte[]> get(byte[] key) throws IOException {
    return table.get(key);
  }

  /** Whether there is an entry. */
  public boolean contains(byte[] key) throws IOException {
    return get(key).isPresent();
  }

  /**
   * Visits all entries whose keys start so, as they are when the visit begins, in the order of
   * their keys as unsigned bytes.
   */
  public <E extends Exception> void visit(byte[] prefix, Visitor<E> visitor) throws E, IOException {
    table.visit(prefix, visitor);
  }

  @Override
  public void close() {
    table.close();
    try {
      directory.close();
    } catch (IOException left) {
      // The next one clears it away.
    }
  }
}
