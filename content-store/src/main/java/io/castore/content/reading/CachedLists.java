package io.castore.content.reading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What digests name, and what was found of that lately. That a digest names nothing is not kept, so
 * that what is written can be read at once.
 *
 * <p>Safe for use by many threads.
 */
final class CachedLists {
  /**
   * How long an answer may be given again. The bucket can change meanwhile: a repair writes another
   * list, or unused content is removed.
   */
  static final Duration LIFETIME = Duration.ofMinutes(1);

  private final CachedChunks chunks;
  private final Patience patience;
  private final BlobSearch search;
  private final Cache<Digest, Found> cache;
  private final SharedLoads<Digest, Found> searches;
  private final SharedLoads<Digest, ChunkList> sizes;

  CachedLists(
      BlobSearch search,
      CachedChunks chunks,
      Patience patience,
      long cacheBytes,
      Executor threads,
      Ticker ticker) {
    this.search = search;
    this.chunks = chunks;
    this.patience = patience;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(cacheBytes)
            .weigher(
                (Digest digest, Found found) ->
                    (int) Math.min(Integer.MAX_VALUE, found.memoryBytes()))
            .expireAfterWrite(LIFETIME)
            .ticker(ticker)
            .executor(Runnable::run)
            .recordStats()
            .build();
    this.searches = new SharedLoads<>(this::searchAndKeep, threads);
    this.sizes =
        new SharedLoads<>(
            digest -> CompletableFuture.completedFuture(readForItsSize(digest)), threads);
  }

  /**
   * Looks for what a digest names. Reads no chunk that is not small, but perhaps the first bytes.
   */
  CompletableFuture<Optional<Found>> find(Digest digest) {
    Optional<Found> atHand = atHand(digest);
    return atHand.isPresent()
        ? CompletableFuture.completedFuture(atHand)
        : patience.await(searches.ask(digest), "blob " + digest);
  }

  /** Looks for the chunks of a blob. Reads one of them at most. */
  CompletableFuture<Optional<ChunkList>> findChunks(Digest digest) {
    return find(digest)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
              }
              return found.get() instanceof Found.Chunks chunksOfBlob
                  ? CompletableFuture.completedFuture(Optional.of(chunksOfBlob.list()))
                  : patience.await(sizes.ask(digest), "chunk " + digest);
            });
  }

  /** Drops what is known of a blob that proved to be damaged. */
  void forget(Digest blob) {
    cache.invalidate(blob);
  }

  CacheStats stats() {
    return cache.stats();
  }

  /** Tells how much memory the cache takes, in bytes. */
  long cachedBytes() {
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private Optional<Found> atHand(Digest digest) {
    Found found = cache.getIfPresent(digest);
    if (found != null) {
      return Optional.of(found);
    }
    OptionalLong size = chunks.sizeOfRecent(digest, LIFETIME);
    return size.isPresent() ? Optional.of(chunk(digest, size.getAsLong())) : Optional.empty();
  }

  private CompletableFuture<Optional<Found>> searchAndKeep(Digest digest) throws IOException {
    return search
        .search(digest)
        .thenApply(
            found -> {
              found.ifPresent(kept -> cache.put(digest, kept));
              return found;
            });
  }

  private Optional<ChunkList> readForItsSize(Digest digest) throws IOException {
    Optional<byte[]> chunk = chunks.readOfUnknownSize(digest);
    if (chunk.isEmpty()) {
      cache.invalidate(digest);
      throw new MissingChunkException(digest, digest);
    }
    Found.Chunks found = chunk(digest, chunk.get().length);
    cache.put(digest, found);
    return Optional.of(found.list());
  }

  private static Found.Chunks chunk(Digest digest, long size) {
    return new Found.Chunks(ChunkList.of(digest, new ChunkRef(digest, size)));
  }
}
