package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import java.io.IOException;
import org.apache.commons.codec.digest.Blake3;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What {@link Blake3Benchmark} does, done by commons-codec: its yardstick on the same JDK. */
@State(Scope.Benchmark)
public class CommonsCodecBenchmark {
  /** The name of its column. */
  static final String NAME = "commons-codec";

  @Param DataKind data = DataKind.RANDOM;

  @Param("262144")
  int bytes;

  private byte[] content = {};

  @Setup
  public void read() throws IOException {
    content = Content.read(data, bytes);
  }

  /** All of it in one call. */
  @Benchmark
  public byte[] hash() {
    return Blake3.hash(content);
  }

  /** As it comes from a stream. */
  @Benchmark
  public byte[] stream() {
    Blake3 state = Blake3.initHash();
    for (int at = 0; at < content.length; at += Blake3Benchmark.UPDATE_BYTES) {
      state.update(content, at, Math.min(Blake3Benchmark.UPDATE_BYTES, content.length - at));
    }
    return state.doFinalize(32);
  }
}
