package io.castore.pipeline.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory outside the heap that all local state of this process shares: one cache for blocks,
 * indexes and filters, to which what is not written yet is charged as well. It lives as long as the
 * process.
 *
 * <p>The cache evicts what is not in use to stay within its capacity. Where all of it is in use, it
 * grows past that for the moment rather than fail the read, which would end the topology: by a few
 * blocks for each thread that reads.
 *
 * <p>Safe for use by many threads.
 */
final class StateMemory {
  /** Half may wait to be written; the other half is left to reads even then. */
  private static final int WRITE_SHARE = 2;

  /** A shard evicts by itself, so it must be large beside what is charged at once (256 KiB). */
  private static final long SHARD_BYTES = 8 << 20;

  private static final int MOST_SHARD_BITS = 6;
  private static final double INDEX_AND_FILTER_SHARE = 0.5;
  private static final Map<Long, StateMemory> BY_BYTES = new ConcurrentHashMap<>();

  static {
    // Whoever asks first may do so before any database was opened.
    RocksDB.loadLibrary();
  }

  private final Cache cache;
  private final WriteBufferManager writeBuffers;

  private StateMemory(long bytes) {
    int shardBits = 63 - Long.numberOfLeadingZeros(Math.max(1, bytes / SHARD_BYTES));
    this.cache =
        new LRUCache(bytes, Math.min(MOST_SHARD_BITS, shardBits), false, INDEX_AND_FILTER_SHARE);
    this.writeBuffers = new WriteBufferManager(writeBufferBytes(bytes), cache, false);
  }

  /** Gives the memory of a budget in bytes: the same to all who ask for the same budget. */
  static StateMemory of(long bytes) {
    return BY_BYTES.computeIfAbsent(bytes, StateMemory::new);
  }

  /** How much of a budget may wait to be written. */
  static long writeBufferBytes(long bytes) {
    return bytes / WRITE_SHARE;
  }

  Cache cache() {
    return cache;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }
}
