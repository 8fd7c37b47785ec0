package io.castore.content.reading;

import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.castore.content.blob.BlobReader;
import io.castore.content.blob.ChunkReader;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectReader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The parts that reading is made of, put together. Safe for use by many threads. */
final class ReadEngine implements AutoCloseable {
  private final MeteredStore store;
  private final ExecutorService threads;
  private final Damage damage = new Damage();
  private final Patience patience;
  private final ReadMemory memory;
  private final CachedChunks chunks;
  private final CachedLists found;
  private final HeldLists lists;
  private final int readAheadChunks;
  private final Set<ChunkFlow> flows = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ReadEngine(ObjectReader objects, ReadLimits limits, Ticker ticker) {
    store = new MeteredStore(objects);
    threads = daemons(limits.threads());
    patience = new Patience(limits.patience());
    memory = new ReadMemory(limits.readMemoryBytes(), threads);
    lists = new HeldLists(new ReadMemory(limits.listCacheBytes(), threads));
    readAheadChunks = limits.readAheadChunks();
    ChunkReader reader = new ChunkReader(store);
    chunks = new CachedChunks(reader, damage, limits.chunkCacheBytes(), threads, ticker);
    int maxChunks =
        (int)
            Math.min(
                limits.listCacheBytes() / ChunkList.BYTES_A_CHUNK, BlobReader.DEFAULT_MAX_CHUNKS);
    ReadMemory forSearch = new ReadMemory(limits.listCacheBytes(), threads);
    BlobSearch search = new BlobSearch(store, chunks, damage, maxChunks, forSearch);
    found = new CachedLists(search, chunks, patience, limits.listCacheBytes(), threads, ticker);
  }

  private static ExecutorService daemons(int count) {
    AtomicInteger started = new AtomicInteger();
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, "read-" + started.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  CachedLists found() {
    return found;
  }

  CachedChunks chunks() {
    return chunks;
  }

  ReadMemory memory() {
    return memory;
  }

  HeldLists lists() {
    return lists;
  }

  Patience patience() {
    return patience;
  }

  int readAheadChunks() {
    return readAheadChunks;
  }

  ChunkFlow open(ChunkList blob, long offset, long length) {
    ChunkFlow flow = new ChunkFlow(this, blob, offset, length);
    flows.add(flow);
    if (closed) {
      flow.close();
    }
    return flow;
  }

  /** Notes that a flow has ended. */
  void closed(ChunkFlow flow) {
    flows.remove(flow);
  }

  /** Notes that a blob's list and its chunks do not go together. */
  void foundDamaged(ChunkList blob) {
    found.forget(blob.blob());
  }

  ReadStats stats() {
    CacheStats ofChunks = chunks.stats();
    CacheStats ofLists = found.stats();
    return new ReadStats(
        ofChunks.hitCount(),
        ofChunks.missCount(),
        ofLists.hitCount(),
        ofLists.missCount(),
        store.bytesRead(),
        damage.corrupt(),
        damage.missing(),
        memory.waits(),
        patience.timeouts(),
        chunks.cachedBytes(),
        found.cachedBytes(),
        memory.held(),
        memory.peak(),
        memory.waiting(),
        flows.size());
  }

  @Override
  public void close() {
    closed = true;
    store.close();
    patience.close();
    // What has not begun is run, to find that the store is closed, and to say so to who waits.
    threads.shutdownNow().forEach(Runnable::run);
    flows.forEach(ChunkFlow::close);
  }
}
