package io.castore.pipeline.scratch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * A sorted map of bytes on disk, for sets and tables of a command that have no place in memory. It
 * is gone when it is closed; what a process leaves that is killed goes when the next one opens one
 * below the same parent.
 *
 * <p>Takes about 64 MiB of memory outside the heap, however much it holds. Safe for use by many
 * threads, but for {@link #close}, which must come after all else.
 */
public final class ScratchStore implements AutoCloseable {
  private static final long CACHE_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final double FILTER_BITS = 10;

  private final ScratchDirectory directory;
  private final LRUCache cache;
  private final BloomFilter filter;
  private final Options options;
  private final WriteOptions writes;
  private final RocksDB db;

  private ScratchStore(ScratchDirectory directory) throws RocksDBException {
    RocksDB.loadLibrary();
    this.directory = directory;
    cache = new LRUCache(CACHE_BYTES);
    filter = new BloomFilter(FILTER_BITS);
    options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(filter)
                    .setCacheIndexAndFilterBlocks(true)
                    // A file's whole filter is more than one part of the cache holds, and would
                    // be read from the file at every look.
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true));
    // What a crash leaves of it is of no use to anybody.
    writes = new WriteOptions().setDisableWAL(true);
    db = RocksDB.open(options, directory.path().toString());
  }

  /**
   * Makes an empty one in a new directory.
   *
   * @param parent where the directory is made; made itself where it is missing; for scratch data
   *     alone
   * @throws IOException if it cannot be made
   */
  public static ScratchStore open(Path parent) throws IOException {
    ScratchDirectory directory = ScratchDirectory.open(parent);
    try {
      return new ScratchStore(directory);
    } catch (RocksDBException failed) {
      throw new IOException("cannot keep scratch data in " + directory.path(), failed);
    }
  }

  /** Takes entries. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /** Takes the next entry; an exception ends the visit and reaches its caller. */
    void visit(byte[] key, byte[] value) throws E;
  }

  /** Writes an entry, in place of one that is there. */
  public void put(byte[] key, byte[] value) throws IOException {
    try {
      db.put(writes, key, value);
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  /** Removes an entry, if it is there. */
  public void remove(byte[] key) throws IOException {
    try {
      db.delete(writes, key);
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  /** Gives the value of a key. */
  public Optional<byte[]> get(byte[] key) throws IOException {
    try {
      return Optional.ofNullable(db.get(key));
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  /** Whether there is an entry. */
  public boolean contains(byte[] key) throws IOException {
    return get(key).isPresent();
  }

  /** Visits all entries whose keys start so, in the order of their keys as unsigned bytes. */
  public <E extends Exception> void visit(byte[] prefix, Visitor<E> visitor) throws E, IOException {
    try (RocksIterator entries = db.newIterator()) {
      for (entries.seek(prefix); entries.isValid(); entries.next()) {
        byte[] key = entries.key();
        if (key.length < prefix.length
            || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
          return;
        }
        visitor.visit(key, entries.value());
      }
      entries.status();
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  private IOException failed(RocksDBException failure) {
    return new IOException("scratch data in " + directory.path() + " cannot be used", failure);
  }

  @Override
  public void close() {
    db.close();
    writes.close();
    options.close();
    filter.close();
    cache.close();
    try {
      directory.close();
    } catch (IOException left) {
      // The next one clears it away.
    }
  }
}
