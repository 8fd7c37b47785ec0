package io.castore.benchmarks;

import io.castore.benchmarks.report.Round;
import io.castore.benchmarks.report.Row;
import io.castore.benchmarks.report.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures every row in turn, as often as there are rounds. A row's yardsticks are measured right
 * before it; commons-codec, whose warm-up takes as long as ours, before the first of the rows that
 * differ in the backend alone.
 */
final class Rounds {
  private final Forks forks;
  private final Units units;
  private final List<Yardstick> yardsticks;
  private final int cores;
  private final PrintStream progress;
  private final Map<Key, List<Round>> rows = new LinkedHashMap<>();
  private boolean failed;

  /**
   * Prepares the first round.
   *
   * @param yardsticks those outside the JVM
   * @param cores how many the machine has
   * @param progress takes a line for each row that was measured
   */
  Rounds(Forks forks, Units units, List<Yardstick> yardsticks, int cores, PrintStream progress) {
    this.forks = forks;
    this.units = units;
    this.yardsticks = List.copyOf(yardsticks);
    this.cores = cores;
    this.progress = progress;
  }

  /** Measures one round of a workload's rows on a JDK. */
  void measure(Workload workload, Jdk jdk, List<Backend> backends)
      throws IOException, InterruptedException {
    Optional<Samples> commonsCodec = commonsCodec(workload, jdk);
    for (Backend backend : backends) {
      CpuTicks start = CpuTicks.now();
      Key key = new Key(workload, jdk, backend);
      List<Round> rounds = rows.computeIfAbsent(key, absent -> new ArrayList<>());
      Map<String, Optional<Samples>> rates = new HashMap<>();
      commonsCodec.ifPresent(rate -> rates.put(CommonsCodecBenchmark.NAME, Optional.of(rate)));
      for (Yardstick yardstick : yardsticks) {
        if (yardstick.appliesTo(workload)) {
          rates.put(yardstick.name(), yardstick.measure(workload));
        }
      }
      Operation operation = workload.operation();
      Optional<Forks.Measurement> ours =
          fork(operation.benchmark(), operation.method(), workload, jdk, backend);
      if (ours.isPresent()) {
        double allocated = ours.get().allocatedBytes() / units.in(workload);
        rounds.add(
            new Round(
                ours.get().rate(), allocated, rates, CpuTicks.now().othersSince(start, cores)));
      }
    }
  }

  /** Gives all rows, those of one table together. */
  List<Row> rows() {
    return rows.entrySet().stream()
        .map(
            row ->
                new Row(
                    row.getKey().workload().operation().section(),
                    row.getKey().labels(),
                    row.getValue()))
        .toList();
  }

  /** Tells whether anything could not be measured. */
  boolean failed() {
    return failed;
  }

  private Optional<Samples> commonsCodec(Workload workload, Jdk jdk) {
    Operation operation = workload.operation();
    if (operation.benchmark() != Blake3Benchmark.class) {
      return Optional.empty();
    }
    return fork(CommonsCodecBenchmark.class, operation.method(), workload, jdk, Backend.NONE)
        .map(Forks.Measurement::rate);
  }

  private Optional<Forks.Measurement> fork(
      Class<?> benchmark, String method, Workload workload, Jdk jdk, Backend backend) {
    String name =
        "%s.%s %s, cores: %d, JDK %d, BLAKE3: %s"
            .formatted(
                benchmark.getSimpleName(),
                method,
                workload.describeData(),
                workload.cores(),
                jdk.feature(),
                backend.label());
    try {
      Forks.Measurement measured = forks.measure(benchmark, method, workload, jdk, backend);
      progress.printf("%s: %.0f MB/s%n", name, measured.rate().median());
      return Optional.of(measured);
    } catch (RunnerException e) {
      failed = true;
      progress.printf("%s: failed: %s%n", name, e.getMessage());
      return Optional.empty();
    }
  }

  private record Key(Workload workload, Jdk jdk, Backend backend) {
    List<String> labels() {
      return List.of(
          workload.operation().label(),
          workload.describeData(),
          Integer.toString(workload.cores()),
          Integer.toString(jdk.feature()),
          backend.label());
    }
  }
}
