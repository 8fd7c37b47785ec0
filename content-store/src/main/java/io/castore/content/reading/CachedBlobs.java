package io.castore.content.reading;

import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** PROVISIONAL: replaced by the real one. */
public final class CachedBlobs implements AutoCloseable {
  private final ObjectReader store;
  private final BlobReader reader;
  private final ExecutorService threads;

  private CachedBlobs(ObjectReader store, ReadLimits limits) {
    this.store = store;
    this.reader = new BlobReader(store);
    this.threads = Executors.newFixedThreadPool(limits.threads());
  }

  public static CachedBlobs open(ObjectReader store, ReadLimits limits) {
    return new CachedBlobs(store, limits);
  }

  @FunctionalInterface
  private interface Read<T> {
    T read() throws IOException;
  }

  private <T> CompletableFuture<T> async(Read<T> read) {
    Supplier<T> supplier =
        () -> {
          try {
            return read.read();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        };
    return CompletableFuture.supplyAsync(supplier, threads);
  }

  public CompletableFuture<BlobStat> stat(Digest digest) {
    return async(
        () -> {
          Optional<ChunkList> list = reader.find(digest);
          if (list.isEmpty()) {
            return store.stat(BucketLayout.chunkKey(digest)).isPresent()
                ? new BlobStat.Whole()
                : new BlobStat.Absent();
          }
          return list.get().count() < 2 ? new BlobStat.Whole() : new BlobStat.Listed(list.get());
        });
  }

  public CompletableFuture<Optional<ChunkList>> find(Digest digest) {
    return async(() -> reader.find(digest));
  }

  public BlobFlow open(ChunkList blob, long offset, long length) {
    InputStream in = reader.open(blob, offset, length);
    return new BlobFlow() {
      @Override
      public CompletableFuture<Optional<ByteBuffer>> next() {
        return async(
            () -> {
              byte[] piece = in.readNBytes(256 << 10);
              return piece.length == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(piece));
            });
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
