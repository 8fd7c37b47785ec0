package io.castore.content.reading;

import io.castore.content.blob.ChunkStart;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Looks into the store for what a digest names. A long list is read when there is memory for it, so
 * that many of them at a time do no harm.
 *
 * <p>Safe for use by many threads.
 */
final class BlobSearch {
  /** A list of up to so many chunks is read at once: 160 KiB of memory, 1 GiB of content. */
  static final int SHORT_LIST = 4096;

  private final ObjectReader store;
  private final CachedChunks chunks;
  private final Damage damage;
  private final int maxChunks;
  private final ReadMemory memory;

  /**
   * Reads lists of up to {@code maxChunks}.
   *
   * @param memory for long lists while they are read
   */
  BlobSearch(
      ObjectReader store, CachedChunks chunks, Damage damage, int maxChunks, ReadMemory memory) {
    this.store = store;
    this.chunks = chunks;
    this.damage = damage;
    this.maxChunks = maxChunks;
    this.memory = memory;
  }

  /** Looks for a digest. Blocks; goes on later where it waits for memory. */
  CompletableFuture<Optional<Found>> search(Digest digest) throws IOException {
    Optional<InputStream> index = store.open(BucketLayout.blobKey(digest));
    if (index.isPresent()) {
      int most = Math.min(maxChunks, SHORT_LIST);
      try (InputStream in = index.get()) {
        Optional<ChunkList> list = damage.counted(() -> parse(digest, in, most, 0));
        if (list.isPresent()) {
          return CompletableFuture.completedFuture(list.map(Found.Chunks::new));
        }
      } catch (TooManyChunksException e) {
        if (maxChunks == most) {
          throw e;
        }
        return readLong(digest);
      }
    }
    return CompletableFuture.completedFuture(
        damage.counted(() -> searchChunk(digest, index.isPresent())));
  }

  private CompletableFuture<Optional<Found>> readLong(Digest digest) throws IOException {
    Optional<ObjectInfo> index = store.stat(BucketLayout.blobKey(digest));
    if (index.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    int capacity = (int) Math.min(BlobIndex.mostChunks(index.get().size()), maxChunks);
    ReadMemory.Lease lease = memory.take((long) capacity * ChunkList.BYTES_A_CHUNK);
    return lease
        .granted()
        .thenCompose(
            granted -> {
              try (lease) {
                return CompletableFuture.completedFuture(
                    damage.counted(() -> readLong(digest, capacity)));
              } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
              }
            });
  }

  private Optional<Found> readLong(Digest digest, int capacity) throws IOException {
    Optional<InputStream> index = store.open(BucketLayout.blobKey(digest));
    if (index.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = index.get()) {
      return parse(digest, in, maxChunks, capacity).map(Found.Chunks::new);
    }
  }

  private static Optional<ChunkList> parse(Digest digest, InputStream in, int most, int capacity)
      throws IOException {
    return BlobIndex.parse(
        digest, in, ChunkSizes.LARGEST_LEGAL_CHUNK, most, ChunkList.builder(digest, capacity));
  }

  private Optional<Found> searchChunk(Digest digest, boolean isBlob) throws IOException {
    Optional<OptionalLong> size;
    try {
      size = chunks.readStart(digest).map(ChunkStart::size);
    } catch (CorruptObjectException damaged) {
      // It is there. Who reads it finds out.
      return Optional.of(new Found.ChunkOfUnknownSize());
    }
    if (size.isEmpty() && isBlob) {
      throw new MissingChunkException(digest, digest);
    }
    return size.map(
        stated ->
            stated.isPresent() && stated.getAsLong() > 0
                ? new Found.Chunks(ChunkList.of(digest, new ChunkRef(digest, stated.getAsLong())))
                : new Found.ChunkOfUnknownSize());
  }
}
