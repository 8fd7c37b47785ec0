package io.castore.query.health;

import io.castore.content.reading.CachedBlobs;
import io.castore.content.reading.ReadStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What reading for clients tells of itself: {@code castore.reads.*}. */
public final class ReadMetrics {
  private final CachedBlobs blobs;
  private final MeterRegistry registry;

  private ReadMetrics(CachedBlobs blobs, MeterRegistry registry) {
    this.blobs = blobs;
    this.registry = registry;
  }

  /** Has a registry ask for it from now on. */
  public static void bind(CachedBlobs blobs, MeterRegistry registry) {
    ReadMetrics metrics = new ReadMetrics(blobs, registry);
    metrics.counter("chunk.hits", "Chunks that were in the cache", ReadStats::chunkHits);
    metrics.counter("chunk.misses", "Chunks that were not", ReadStats::chunkMisses);
    metrics.counter("list.hits", "Chunk lists that were in the cache", ReadStats::listHits);
    metrics.counter("list.misses", "Chunk lists that were not", ReadStats::listMisses);
    metrics.counter("store.bytes", "Bytes read from the store", ReadStats::storeBytes);
    metrics.counter("memory.waits", "Reads that waited for memory", ReadStats::memoryWaits);
    metrics.counter("timeouts", "Reads that waited too long", ReadStats::timeouts);
    metrics.gauge("chunk.cache.bytes", "Memory of cached chunks", ReadStats::chunkCacheBytes);
    metrics.gauge("list.cache.bytes", "Memory of cached chunk lists", ReadStats::listCacheBytes);
    metrics.gauge("memory.bytes", "Memory of chunks on their way", ReadStats::memoryBytes);
    metrics.gauge("memory.waiting", "Reads that wait for memory", ReadStats::memoryWaiting);
    metrics.gauge("open", "Reads that have not ended", ReadStats::openFlows);
  }

  private void counter(String name, String description, ToDoubleFunction<ReadStats> value) {
    FunctionCounter.builder(
            "castore.reads." + name, blobs, source -> value.applyAsDouble(source.stats()))
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<ReadStats> value) {
    Gauge.builder("castore.reads." + name, blobs, source -> value.applyAsDouble(source.stats()))
        .description(description)
        .register(registry);
  }
}
