package io.castore.chunker;

import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What all tasks of a process count together, {@code castore.chunker.*}: see {@code
 * docs/metrics.md}. It goes on counting when a task is closed and another one begins, other than
 * {@link ChunkMetrics}.
 *
 * <p>Safe for use by many threads.
 */
final class ChunkerMeters {
  private static final List<Result> CHUNK_RESULTS =
      List.of(Result.STORED, Result.DEDUPLICATED, Result.MISSING, Result.REJECTED);

  /** A store on the same machine to one that is about to be given up. */
  private static final Duration[] PUT_DURATIONS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60)
  };

  private final MeterRegistry registry;
  private final Map<Result, Counter> chunks = new EnumMap<>(Result.class);
  private final Map<Result, Counter> bytes = new EnumMap<>(Result.class);
  private final Counter claims;
  private final Counter storedBytes;
  private final Counter collected;
  private final Counter kept;
  private final Counter deleteFailed;
  private final Counter deadLetters;
  private final Timer puts;
  private final Counter putFailures;
  private final AtomicInteger putsInFlight = new AtomicInteger();
  private final AtomicLong knownChunks = new AtomicLong();

  /**
   * Adds the meters.
   *
   * @param deadLetterQueue name of its topic
   */
  ChunkerMeters(MeterRegistry registry, String deadLetterQueue) {
    this.registry = registry;
    for (Result result : CHUNK_RESULTS) {
      chunks.put(result, counter("chunks", "Chunk records by what became of them", nameOf(result)));
    }
    for (Result result : List.of(Result.STORED, Result.DEDUPLICATED)) {
      bytes.put(result, counter("raw.bytes", "Raw bytes of those", nameOf(result)));
    }
    claims = counter("claims", "Blobs that were claimed before they were published");
    storedBytes = counter("stored.bytes", "Bytes of chunk objects that were written");
    collected = counter("collects", "Objects that were to be collected", "removed");
    kept = counter("collects", "Objects that were to be collected", "kept");
    deleteFailed = counter("collects", "Objects that were to be collected", "failed");
    deadLetters = DeadLetters.counter(deadLetterQueue, registry);
    puts =
        Timer.builder("castore.chunker.put")
            .description("PUTs of chunks that the store acknowledged, with all their attempts")
            .serviceLevelObjectives(PUT_DURATIONS)
            .register(registry);
    putFailures = counter("put.failures", "PUTs that failed with all their attempts");
    gauge("puts.in.flight", "PUTs that have not ended", putsInFlight::get);
    gauge("known.chunks", "Chunks known to be stored, in the partitions here", knownChunks::get);
  }

  private static String nameOf(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private Counter counter(String name, String description) {
    return Counter.builder("castore.chunker." + name).description(description).register(registry);
  }

  private Counter counter(String name, String description, String outcome) {
    return Counter.builder("castore.chunker." + name)
        .description(description)
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Adds what a pool has under way, and how much that may be. */
  void watch(PutBudget budget) {
    gauge("window.requests", "PUTs and deletes that are under way", budget::requestsTaken);
    gauge("window.requests.limit", "chunker.window.records", budget::requests);
    gauge("window.bytes", "Bytes of objects on their way to the store", budget::bytesTaken);
    gauge("window.bytes.limit", "chunker.window.bytes", budget::bytes);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("castore.chunker." + name, value).description(description).register(registry);
  }

  /** Counts the answer to a record. */
  void answered(Result result, long rawBytes) {
    if (result == Result.CLAIMED) {
      claims.increment();
    }
    Counter ofChunks = chunks.get(result);
    Counter ofBytes = bytes.get(result);
    if (ofChunks != null) {
      ofChunks.increment();
    }
    // What a record at fault says of its size may be anything.
    if (ofBytes != null) {
      ofBytes.increment((double) rawBytes);
    }
  }

  /** Counts a chunk object that was written. */
  void stored(long objectBytes) {
    storedBytes.increment((double) objectBytes);
  }

  /** Counts an object that was collected. */
  void collected() {
    collected.increment();
  }

  /** Counts an object that was to be collected and is in use. */
  void kept() {
    kept.increment();
  }

  /** Counts an object that was to go and may still be there. */
  void deleteFailed() {
    deleteFailed.increment();
  }

  /** Gives what counts records at fault. */
  Counter deadLetters() {
    return deadLetters;
  }

  /** A PUT begins. */
  void putBegins() {
    putsInFlight.incrementAndGet();
  }

  /** A PUT has ended. */
  void putEnded(boolean acknowledged, long nanos) {
    putsInFlight.decrementAndGet();
    if (acknowledged) {
      puts.record(Duration.ofNanos(nanos));
    } else {
      putFailures.increment();
    }
  }

  /** A task knows so many chunks more than it did when it told last. */
  void knowsMore(long difference) {
    knownChunks.addAndGet(difference);
  }
}
