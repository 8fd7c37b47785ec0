package io.castore.cli.bench;

import io.castore.content.chunking.FastCdc;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Queue;

/**
 * One thread's way through contents, which does to each piece what an ingest and a restore do, one
 * thing after the other, and times each.
 *
 * <p>Not thread-safe.
 */
final class KernelFloor {
  /** Enough for the largest chunk, and what fits the heap of a small JVM once a core. */
  static final int PIECE_BYTES = 8 << 20;

  /** The hashes begin to run on vectors after 64 MiB, and take a moment to be compiled. */
  private static final long WARM_UP_BYTES = 192 << 20;

  private static final Duration WARM_UP = Duration.ofMillis(1500);
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);

  private final FastCdc cutter;
  private final ChunkCodec codec;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final byte[] copy = new byte[PIECE_BYTES];

  long bytes;
  long copyNanos;
  long cutNanos;
  long hashNanos;
  long compressNanos;
  long decompressNanos;

  KernelFloor(FastCdc cutter, ChunkCodec codec) {
    this.cutter = cutter;
    this.codec = codec;
  }

  /** Goes through the first file until its ways are compiled, and forgets how long it took. */
  void warmUp(Corpus.File file) throws IOException {
    int length = read(file);
    long start = System.nanoTime();
    long passed = 0;
    while (passed < WARM_UP.toNanos()
        || (bytes < WARM_UP_BYTES && passed < LONGEST_WARM_UP.toNanos())) {
      measure(length);
      passed = System.nanoTime() - start;
    }
    bytes = 0;
    copyNanos = 0;
    cutNanos = 0;
    hashNanos = 0;
    compressNanos = 0;
    decompressNanos = 0;
  }

  private int read(Corpus.File file) throws IOException {
    try (InputStream in = Files.newInputStream(file.path())) {
      return in.readNBytes(piece, 0, PIECE_BYTES);
    }
  }

  /** Goes through files, a few MiB at a time, until they end or were enough. */
  void measure(Queue<Corpus.File> files, long enoughBytes) throws IOException {
    Corpus.File file = files.poll();
    while (file != null && bytes < enoughBytes) {
      try (InputStream in = Files.newInputStream(file.path())) {
        int length = in.readNBytes(piece, 0, PIECE_BYTES);
        while (length > 0 && bytes < enoughBytes) {
          measure(length);
          length = in.readNBytes(piece, 0, PIECE_BYTES);
        }
      }
      file = files.poll();
    }
  }

  private void measure(int length) throws IOException {
    long start = System.nanoTime();
    System.arraycopy(piece, 0, copy, 0, length);
    copyNanos += System.nanoTime() - start;
    int at = 0;
    while (at < length) {
      at += measureChunk(at, length);
    }
    bytes += length;
  }

  private int measureChunk(int at, int end) throws IOException {
    long start = System.nanoTime();
    int length = cutter.cut(piece, at, end - at);
    long cut = System.nanoTime();
    Digest unused = Blake3.hash(piece, at, length);
    long hashed = System.nanoTime();
    byte[] frame = codec.compress(piece, at, length);
    long compressed = System.nanoTime();
    int restored = ChunkCodec.decompress(frame, length).length;
    long decompressed = System.nanoTime();
    cutNanos += cut - start;
    hashNanos += hashed - cut;
    compressNanos += compressed - hashed;
    decompressNanos += decompressed - compressed;
    return restored;
  }
}
