package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.codec.CorruptFrameException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Compresses a content in blocks of one size, each a frame of its own, and reads the frames. */
@State(Scope.Benchmark)
public class ZstdBenchmark {
  /** Length of a block, in bytes. */
  static final int BLOCK_BYTES = 262_144;

  private final ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);

  @Param DataKind data = DataKind.RANDOM;

  @Param("67108864")
  int bytes;

  private byte[] content = {};
  private final List<byte[]> frames = new ArrayList<>();

  @Setup
  public void read() throws IOException {
    content = Content.read(data, bytes);
    for (int at = 0; at < content.length; at += BLOCK_BYTES) {
      frames.add(codec.compress(content, at, blockAt(at)));
    }
  }

  /** Makes the frames. */
  @Benchmark
  public void compress(Blackhole made) {
    for (int at = 0; at < content.length; at += BLOCK_BYTES) {
      made.consume(codec.compress(content, at, blockAt(at)));
    }
  }

  /** Reads the frames. */
  @Benchmark
  public void decompress(Blackhole read) throws CorruptFrameException {
    int at = 0;
    for (byte[] frame : frames) {
      read.consume(ChunkCodec.decompress(frame, blockAt(at)));
      at += BLOCK_BYTES;
    }
  }

  private int blockAt(int at) {
    return Math.min(BLOCK_BYTES, content.length - at);
  }
}
