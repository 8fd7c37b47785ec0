package io.castore.benchmarks.peers;

import io.castore.cli.bench.ProcDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program to its end, one at a time, and tells what it needed. */
final class MeasuredProcess {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofHours(6);

  private MeasuredProcess() {}

  /**
   * What it needed.
   *
   * @param wallSeconds until it ended
   * @param cpuSeconds of it and of those of its processes that it waited for
   * @param peakBytes the most memory of it and of all that it started, added up
   */
  record Used(double wallSeconds, double cpuSeconds, long peakBytes) {}

  /**
   * Runs it.
   *
   * @param log takes what it prints
   * @throws IOException if it cannot be started, does not end, or fails; with what it said
   */
  static Used run(Call call, Path log) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(call.words())
            .directory(call.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(call.environment());
    double before = endedChildrenSeconds();
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    Map<Long, Long> peaks = new HashMap<>();
    try {
      while (!process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        look(process.toHandle(), peaks);
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new IOException(call.words() + ": no end within " + PATIENCE);
        }
      }
    } finally {
      process.destroyForcibly();
    }
    double wall = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s: exit code %d (expected: 0):%n%s"
              .formatted(call.words(), process.exitValue(), Files.readString(log).strip()));
    }
    return new Used(
        wall,
        endedChildrenSeconds() - before,
        peaks.values().stream().mapToLong(Long::longValue).sum());
  }

  private static double endedChildrenSeconds() throws IOException {
    return ProcDirectory.own().stat().childrenCpuSeconds();
  }

  private static void look(ProcessHandle process, Map<Long, Long> peaks) {
    Stream.concat(Stream.of(process), process.descendants())
        .forEach(
            one -> {
              try {
                peaks.put(one.pid(), ProcDirectory.of(one.pid()).peakBytes());
              } catch (IOException ended) {
                // It keeps the peak of the last look.
              }
            });
  }
}
