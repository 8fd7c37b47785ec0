package io.castore.benchmarks;

import io.castore.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures by JMH, each time in one fork. */
final class Forks {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private final Path data;
  private final Path logs;
  private final Cores cores;
  private final Plan plan;

  /**
   * Measures by a plan.
   *
   * @param data directory of the data
   * @param cores where it runs
   * @param logs directory that takes what JMH prints
   */
  Forks(Path data, Path logs, Cores cores, Plan plan) {
    this.data = data;
    this.logs = logs;
    this.cores = cores;
    this.plan = plan;
  }

  /**
   * Measures a method of a benchmark.
   *
   * @throws RunnerException if it fails; the log tells more
   */
  Measurement measure(
      Class<?> benchmark, String method, Workload workload, Jdk jdk, Backend backend)
      throws RunnerException {
    List<String> jvmOptions = new ArrayList<>(jdk.options());
    jvmOptions.addAll(backend.options());
    jvmOptions.add("-D" + Content.DIRECTORY + "=" + data);

    TimeValue iteration = TimeValue.milliseconds(plan.iteration().toMillis());
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include("^\\Q" + benchmark.getName() + "." + method + "\\E$")
                    .param("data", workload.data().name())
                    .param("bytes", Integer.toString(workload.bytes()))
                    .param("threads", Integer.toString(workload.cores()))
                    .mode(Mode.Throughput)
                    .timeUnit(TimeUnit.SECONDS)
                    .forks(1)
                    .warmupIterations(plan.warmUps())
                    .warmupTime(iteration)
                    .measurementIterations(plan.iterations())
                    .measurementTime(iteration)
                    .jvm(jdk.java().toString())
                    .jvmArgs(jvmOptions.toArray(String[]::new))
                    .addProfiler(GCProfiler.class)
                    .addProfiler(PinToCores.class, String.join(" ", cores.prefix(workload.cores())))
                    .shouldFailOnError(true)
                    .output(log(benchmark, method, workload, jdk, backend).toString())
                    .build())
            .runSingle();
    return new Measurement(
        new Samples(
            result.getAggregatedResult().getIterationResults().stream()
                .map(each -> each.getPrimaryResult().getScore() * workload.bytes() / 1e6)
                .toList()),
        Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATION), ALLOCATION)
            .getScore());
  }

  /** Tells where the log of a measurement is. */
  private Path log(Class<?> benchmark, String method, Workload workload, Jdk jdk, Backend backend) {
    return logs.resolve(
        "%s-%s-%s-%d-%d-jdk%d-%s.log"
            .formatted(
                benchmark.getSimpleName(),
                method,
                workload.data(),
                workload.bytes(),
                workload.cores(),
                jdk.feature(),
                backend.name().toLowerCase(Locale.ROOT)));
  }

  /**
   * What JMH measured.
   *
   * @param rate in MB/s, one for each iteration
   * @param allocatedBytes what one call allocated, in bytes
   */
  record Measurement(Samples rate, double allocatedBytes) {}
}
