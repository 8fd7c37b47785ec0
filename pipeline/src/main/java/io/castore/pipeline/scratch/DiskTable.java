package io.castore.pipeline.scratch;

import java.io.IOException;
import java.nio.file.Path;
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
 * The entries of a {@link ScratchStore} that has more of them than there is room for in memory.
 *
 * <p>Takes about 64 MiB of memory outside the heap. Safe for use by many threads, but for {@link
 * #close}, which must come after all else.
 */
final class DiskTable implements ScratchTable {
  private static final long CACHE_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final double FILTER_BITS = 10;

  private final Path directory;
  private final LRUCache cache;
  private final BloomFilter filter;
  private final Options options;
  private final WriteOptions writes;
  private final RocksDB db;

  private DiskTable(Path directory) throws RocksDBException {
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
                    .setPartitionFilters(true))
            // Nobody reads it again.
            .setAvoidFlushDuringShutdown(true);
    // What a crash leaves of it is of no use to anybody.
    writes = new WriteOptions().setDisableWAL(true);
    db = RocksDB.open(options, directory.toString());
  }

  /**
   * Makes an empty one in a directory that is there.
   *
   * @throws IOException if it cannot be made
   */
  static DiskTable open(Path directory) throws IOException {
    try {
      return new DiskTable(directory);
    } catch (RocksDBException failed) {
      throw new IOException("cannot keep scratch data in " + directory, failed);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) throws IOException {
    try {
      db.put(writes, key, value);
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  @Override
  public void remove(byte[] key) throws IOException {
    try {
      db.delete(writes, key);
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  @Override
  public Optional<byte[]> get(byte[] key) throws IOException {
    try {
      return Optional.ofNullable(db.get(key));
    } catch (RocksDBException failed) {
      throw failed(failed);
    }
  }

  @Override
  public <E extends Exception> void visit(byte[] prefix, ScratchStore.Visitor<E> visitor)
      throws E, IOException {
    try (RocksIterator entries = db.newIterator()) {
      for (entries.seek(prefix); entries.isValid(); entries.next()) {
        byte[] key = entries.key();
        if (!ScratchTable.startsWith(key, prefix)) {
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
    return new IOException("scratch data in " + directory + " cannot be used", failure);
  }

  @Override
  public void close() {
    db.close();
    writes.close();
    options.close();
    filter.close();
    cache.close();
  }
}
