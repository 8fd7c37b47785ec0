package io.castore.benchmarks;

import java.io.File;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.ExternalProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/** Keeps a fork to some cores. Not a profiler; but profilers alone can wrap a fork's command. */
public final class PinToCores implements ExternalProfiler {
  private final List<String> prefix;

  /** Takes the words that stand before the command, with blanks between them. */
  public PinToCores(String prefix) {
    this.prefix = prefix.isEmpty() ? List.of() : List.of(prefix.split(" "));
  }

  @Override
  public Collection<String> addJVMInvokeOptions(BenchmarkParams params) {
    return prefix;
  }

  @Override
  public Collection<String> addJVMOptions(BenchmarkParams params) {
    return List.of();
  }

  @Override
  public void beforeTrial(BenchmarkParams params) {}

  @Override
  public Collection<? extends Result<?>> afterTrial(
      BenchmarkResult result, long pid, File stdOut, File stdErr) {
    return List.of();
  }

  @Override
  public boolean allowPrintOut() {
    return true;
  }

  @Override
  public boolean allowPrintErr() {
    return true;
  }

  @Override
  public String getDescription() {
    return "keeps the fork to some cores";
  }
}
