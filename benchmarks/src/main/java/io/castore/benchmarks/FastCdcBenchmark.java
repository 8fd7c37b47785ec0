package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.FastCdc;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Finds all cuts of a content. */
@State(Scope.Benchmark)
public class FastCdcBenchmark {
  @Param DataKind data = DataKind.RANDOM;

  @Param("67108864")
  int bytes;

  private byte[] content = {};

  @Setup
  public void read() throws IOException {
    content = Content.read(data, bytes);
  }

  /** Walks from cut to cut. */
  @Benchmark
  public void cut(Blackhole cuts) {
    FastCdc chunker = new FastCdc(ChunkSizes.DEFAULT);
    for (int at = 0; at < content.length; ) {
      at += chunker.cut(content, at, content.length - at);
      cuts.consume(at);
    }
  }
}
