package io.castore.content.reading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.castore.content.blob.ChunkReader;
import io.castore.content.blob.ChunkStart;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Verified chunks, and those among them that were of use lately: what is read once, as a long blob
 * is, does not drive out what is read often (W-TinyLFU, see <a
 * href="https://arxiv.org/abs/1512.00727">TinyLFU: a highly efficient cache admission policy</a>).
 *
 * <p>Safe for use by many threads.
 */
final class CachedChunks {
  /** What an entry takes beside the chunk, in bytes; about. */
  private static final int ENTRY_BYTES = 200;

  private final ChunkReader reader;
  private final Damage damage;
  private final Ticker ticker;
  private final Cache<Digest, Loaded> cache;
  private final SharedLoads<ChunkRef, byte[]> loads;

  CachedChunks(
      ChunkReader reader, Damage damage, long cacheBytes, Executor threads, Ticker ticker) {
    this.reader = reader;
    this.damage = damage;
    this.ticker = ticker;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(cacheBytes)
            .weigher((Digest digest, Loaded chunk) -> chunk.bytes.length + ENTRY_BYTES)
            .executor(Runnable::run)
            .recordStats()
            .build();
    this.loads =
        new SharedLoads<>(chunk -> CompletableFuture.completedFuture(load(chunk)), threads);
  }

  /**
   * A chunk whose digest was checked.
   *
   * @param bytes the chunk, which nobody changes
   * @param at when it was read from the store
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Loaded(byte[] bytes, long at) {}

  /** Gives a chunk that is in the cache. */
  Optional<byte[]> atHand(ChunkRef chunk) {
    return ofSize(chunk, Optional.ofNullable(cache.getIfPresent(chunk.digest())));
  }

  /** Reads a chunk; the answer is empty where the store does not have it. */
  SharedLoads<ChunkRef, byte[]>.Ask ask(ChunkRef chunk) {
    return loads.ask(chunk);
  }

  /** Tells the size of a chunk that was in the store, and whole, no longer ago than this. */
  OptionalLong sizeOfRecent(Digest digest, Duration age) {
    Loaded chunk = cache.policy().getIfPresentQuietly(digest);
    return chunk != null && ticker.read() - chunk.at <= age.toNanos()
        ? OptionalLong.of(chunk.bytes.length)
        : OptionalLong.empty();
  }

  /** Reads a chunk whose size is not known, on this thread. */
  Optional<byte[]> readOfUnknownSize(Digest digest) throws IOException {
    return damage.counted(() -> kept(digest, reader.read(digest)));
  }

  /** Reads a chunk's first bytes, on this thread, and keeps the chunk where those are all of it. */
  Optional<ChunkStart> readStart(Digest digest) throws IOException {
    Optional<ChunkStart> start = reader.readStart(digest);
    if (start.isPresent() && start.get() instanceof ChunkStart.Whole whole) {
      keep(digest, whole.raw());
    }
    return start;
  }

  private Optional<byte[]> load(ChunkRef chunk) throws IOException {
    // It may have been read between the look into the cache and now.
    Optional<byte[]> there =
        ofSize(chunk, Optional.ofNullable(cache.policy().getIfPresentQuietly(chunk.digest())));
    if (there.isPresent()) {
      return there;
    }
    Optional<byte[]> read = damage.counted(() -> kept(chunk.digest(), reader.read(chunk)));
    if (read.isEmpty()) {
      damage.countMissing();
    }
    return read;
  }

  /** A list that states another size is found out where the chunk is read for it. */
  private static Optional<byte[]> ofSize(ChunkRef chunk, Optional<Loaded> cached) {
    return cached.map(Loaded::bytes).filter(bytes -> bytes.length == chunk.size());
  }

  private Optional<byte[]> kept(Digest digest, Optional<byte[]> read) {
    read.ifPresent(bytes -> keep(digest, bytes));
    return read;
  }

  private void keep(Digest digest, byte[] bytes) {
    cache.put(digest, new Loaded(bytes, ticker.read()));
  }

  CacheStats stats() {
    return cache.stats();
  }

  /** Tells how much memory the cache takes, in bytes. */
  long cachedBytes() {
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }
}
