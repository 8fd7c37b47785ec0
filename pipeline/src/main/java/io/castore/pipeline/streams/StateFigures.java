package io.castore.pipeline.streams;

import io.castore.pipeline.config.CastoreConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;

/**
 * What the local state of this process takes, {@code castore.state.*}: of the memory that all its
 * databases share, and on disk. Nothing is asked of a database itself, which its task may close at
 * any moment.
 *
 * <p>Safe for use by many threads.
 */
public final class StateFigures {
  private static final Duration OUTDATED = Duration.ofSeconds(30);

  private final Path directory;
  private long diskBytes;
  private long lookedNanos = System.nanoTime() - OUTDATED.toNanos() - 1;

  private StateFigures(Path directory) {
    this.directory = directory;
  }

  /** Has a registry ask for it from now on. */
  public static void bind(CastoreConfig config, MeterRegistry meters) {
    long limit = config.stateMemoryBytes();
    Cache cache = StateMemory.of(limit).cache();
    Gauge.builder("castore.state.memory.bytes", cache::getUsage)
        .description("Memory outside the heap of RocksDB: blocks, filters and what is not written")
        .register(meters);
    Gauge.builder("castore.state.memory.pinned.bytes", cache::getPinnedUsage)
        .description("How much of that is in use, and cannot be given up now")
        .register(meters);
    Gauge.builder("castore.state.memory.limit.bytes", () -> limit)
        .description("state.memory.bytes")
        .register(meters);
    StateFigures figures = new StateFigures(config.stateDir());
    Gauge.builder("castore.state.disk.bytes", figures::diskBytes)
        .description("Size of the files in state.dir, at most half a minute ago")
        .register(meters);
  }

  private synchronized long diskBytes() {
    if (System.nanoTime() - lookedNanos > OUTDATED.toNanos()) {
      diskBytes = sizeOf(directory);
      lookedNanos = System.nanoTime();
    }
    return diskBytes;
  }

  private static long sizeOf(Path directory) {
    Sizes sizes = new Sizes();
    try {
      Files.walkFileTree(directory, sizes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return sizes.bytes;
  }

  /** RocksDB removes files all the time: what is gone has no size. */
  private static final class Sizes extends SimpleFileVisitor<Path> {
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException gone) {
      return FileVisitResult.CONTINUE;
    }
  }
}
