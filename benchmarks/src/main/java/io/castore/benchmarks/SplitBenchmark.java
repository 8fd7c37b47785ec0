package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.ContentSplitter;
import io.castore.content.chunking.FastCdc;
import io.castore.content.chunking.SplitContent;
import io.castore.content.codec.ChunkCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Splits a content as an ingest does: cuts, digests of the chunks and of the whole, frames. */
@State(Scope.Benchmark)
public class SplitBenchmark {
  @Param DataKind data = DataKind.RANDOM;

  @Param("67108864")
  int bytes;

  /** How many threads share the work, the one that reads among them. */
  @Param("1")
  int threads;

  private final ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
  private final ExecutorService helpers = Executors.newFixedThreadPool(1);
  private ContentSplitter splitter = splitter(0);
  private byte[] content = {};

  @Setup
  public void read() throws IOException {
    content = Content.read(data, bytes);
    splitter = splitter(threads - 1);
  }

  private ContentSplitter splitter(int helperCount) {
    return new ContentSplitter(new FastCdc(ChunkSizes.DEFAULT), helpers, helperCount);
  }

  @TearDown
  public void stop() {
    helpers.shutdown();
  }

  /** Every chunk is new. */
  @Benchmark
  public SplitContent unique(Blackhole frames) throws IOException {
    return splitter.split(
        new ByteArrayInputStream(content),
        (digest, buffer, offset, length) -> codec.compress(buffer, offset, length),
        frames::consume);
  }

  /** Every chunk is known, and none is compressed. */
  @Benchmark
  public SplitContent duplicate(Blackhole digests) throws IOException {
    return splitter.split(
        new ByteArrayInputStream(content),
        (digest, buffer, offset, length) -> digest,
        digests::consume);
  }
}
