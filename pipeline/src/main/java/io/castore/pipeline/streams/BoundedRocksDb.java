package io.castore.pipeline.streams;

import io.castore.pipeline.config.CastoreConfig;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.Options;

/**
 * Sets up RocksDB for state that is looked up by digest and mostly not found, within memory that
 * does not grow with the number of partitions. A process may hold a hundred databases, one for each
 * store and partition, and what Kafka Streams sets is meant for each one: 50 MiB of cache and up to
 * 48 MiB of write buffers.
 *
 * <p>Kafka Streams makes one of these for each database. It holds nothing that needs closing: the
 * filter policy is the one that Kafka Streams made (10 bits a key), and the memory is shared.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** Memory for all of a process's state, in bytes. */
  static final String MEMORY_CONFIG = "castore.state.memory.bytes";

  /** How many databases may share it. */
  static final String DATABASES_CONFIG = "castore.state.databases";

  /** Stores of the chunker's tasks, one task a partition of {@code chunks}. */
  private static final int STORES_OF_CHUNKER = 2;

  /** Stores of the indexer: three a partition of {@code uploads}, one of {@code source-updates}. */
  private static final int STORES_OF_INDEXER = 4;

  private static final int BLOCK_BYTES = 4 << 10;

  /** The least and most that one database gathers before it writes a file. */
  private static final long LEAST_WRITE_BUFFER_BYTES = 128 << 10;

  private static final long MOST_WRITE_BUFFER_BYTES = 8 << 20;

  /** One that fills and one that is written. */
  private static final int WRITE_BUFFERS = 2;

  /**
   * Files are small beside the default of 64 MiB, and so are the steps of compaction, because the
   * write buffers are.
   */
  private static final long FILE_BYTES = 32 << 20;

  /** Files that all databases of a process may hold open; each has 20 at least. */
  private static final int OPEN_FILES = 4096;

  private static final int LEAST_OPEN_FILES = 20;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    long memoryBytes = number(configs, MEMORY_CONFIG);
    int databases = Math.toIntExact(number(configs, DATABASES_CONFIG));
    StateMemory memory = StateMemory.of(memoryBytes);

    // Changed and set again, not replaced: Kafka Streams looks into it for the cache's metrics.
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(memory.cache());
    table.setBlockSize(BLOCK_BYTES);
    // Indexes and filters of a large state are larger than the memory: they are charged to the
    // cache, and in parts, so that a look-up needs a few blocks of them and not the whole.
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setIndexType(IndexType.kTwoLevelIndexSearch);
    table.setPartitionFilters(true);
    table.setMetadataBlockSize(BLOCK_BYTES);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);

    // Kafka Streams leaves the filters of the last level out, where nine tenths of the keys are:
    // good where keys are mostly found. A new chunk's digest is not.
    options.setOptimizeFiltersForHits(false);
    options.setCompactionStyle(CompactionStyle.LEVEL);
    options.setLevelCompactionDynamicLevelBytes(true);
    options.setMaxBytesForLevelBase(FILE_BYTES);
    options.setTargetFileSizeBase(FILE_BYTES);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    options.setMaxOpenFiles(Math.max(LEAST_OPEN_FILES, OPEN_FILES / databases));

    options.setWriteBufferManager(memory.writeBuffers());
    options.setWriteBufferSize(writeBufferBytes(memoryBytes, databases));
    options.setMaxWriteBufferNumber(WRITE_BUFFERS);
  }

  @Override
  public void close(String storeName, Options options) {
    // What was set is shared, or belongs to Kafka Streams.
  }

  /** Adds what {@link #setConfig} needs to the settings of a topology. */
  static void addTo(Map<String, Object> settings, CastoreConfig config) {
    settings.put(MEMORY_CONFIG, config.stateMemoryBytes());
    settings.put(
        DATABASES_CONFIG,
        STORES_OF_CHUNKER * config.chunkPartitions()
            + STORES_OF_INDEXER * config.uploadPartitions());
  }

  /**
   * The memory is reserved so sparsely that all databases at once stay within what may wait to be
   * written: past that, the one that is written to would write a tiny file at every write, however
   * much the others hold.
   */
  static long writeBufferBytes(long memoryBytes, int databases) {
    long each = StateMemory.writeBufferBytes(memoryBytes) / databases / WRITE_BUFFERS;
    return Math.min(MOST_WRITE_BUFFER_BYTES, Math.max(LEAST_WRITE_BUFFER_BYTES, each));
  }

  private static long number(Map<String, Object> configs, String key) {
    Object value = Objects.requireNonNull(configs.get(key), key);
    return ((Number) value).longValue();
  }
}
