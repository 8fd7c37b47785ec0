package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Hashes a content, by the backend that the fork's options choose. */
@State(Scope.Benchmark)
public class Blake3Benchmark {
  /** How much one update of a stream brings, in bytes. */
  static final int UPDATE_BYTES = 65_536;

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
  public Digest hash() {
    return Blake3.hash(content, 0, content.length);
  }

  /** As it comes from a stream, {@value #UPDATE_BYTES} bytes at a time. */
  @Benchmark
  public Digest stream() {
    Blake3 state = new Blake3();
    for (int at = 0; at < content.length; at += UPDATE_BYTES) {
      state.update(content, at, Math.min(UPDATE_BYTES, content.length - at));
    }
    return state.finish();
  }
}
