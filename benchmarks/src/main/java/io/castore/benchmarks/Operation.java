package io.castore.benchmarks;

import io.castore.benchmarks.report.Section;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel does, and what it is held against. */
enum Operation {
  HASH("one-shot", Blake3Benchmark.class, "hash", "blake3"),
  HASH_STREAM("stream", Blake3Benchmark.class, "stream", "blake3-stream"),
  CUT("all cuts", FastCdcBenchmark.class, "cut", "fastcdc"),
  COMPRESS("compress", ZstdBenchmark.class, "compress", "zstd-compress"),
  DECOMPRESS("decompress", ZstdBenchmark.class, "decompress", "zstd-decompress"),
  SPLIT_UNIQUE("unique", SplitBenchmark.class, "unique", "split-unique"),
  SPLIT_DUPLICATE("duplicate", SplitBenchmark.class, "duplicate", "split-duplicate");

  private static final Section BLAKE3 =
      new Section(
          "BLAKE3",
          "hash",
          List.of(CommonsCodecBenchmark.NAME, RustCrates.NAME, B3sumCommand.NAME));
  private static final Section FASTCDC = new Section("FastCDC", "chunk", List.of(RustCrates.NAME));
  private static final Section ZSTD =
      new Section("zstd", "chunk", List.of(ZstdCommand.NAME, RustCrates.NAME));
  private static final Section SPLIT =
      new Section("Whole split", "chunk", List.of(RustCrates.NAME));

  private final String label;
  private final Class<?> benchmark;
  private final String method;
  private final String rustName;

  Operation(String label, Class<?> benchmark, String method, String rustName) {
    this.label = label;
    this.benchmark = benchmark;
    this.method = method;
    this.rustName = rustName;
  }

  String label() {
    return label;
  }

  /** Gives the table that its rows are in. */
  Section section() {
    return switch (this) {
      case HASH, HASH_STREAM -> BLAKE3;
      case CUT -> FASTCDC;
      case COMPRESS, DECOMPRESS -> ZSTD;
      case SPLIT_UNIQUE, SPLIT_DUPLICATE -> SPLIT;
    };
  }

  /** Gives the class that JMH runs. */
  Class<?> benchmark() {
    return benchmark;
  }

  /** Gives the method that JMH runs. */
  String method() {
    return method;
  }

  /** Gives the name by which the Rust program knows it. */
  String rustName() {
    return rustName;
  }

  /** The names of all, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(values()).map(Operation::name).iterator();
    }
  }
}
