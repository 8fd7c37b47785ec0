package io.castore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * The machine's cores at one moment, as Linux counts: in ticks since it started.
 *
 * @param total what all cores had
 * @param busy what of it went to any process, or to another machine on the same host
 * @param own what of it went to this process and to those of its children that have ended
 */
record CpuTicks(long total, long busy, long own) {
  private static final Path MACHINE = Path.of("/proc/stat");
  private static final Path PROCESS = Path.of("/proc/self/stat");

  private static final CpuTicks UNKNOWN = new CpuTicks(0, 0, 0);

  /** Counts now. Where the system is another one, nothing is counted. */
  static CpuTicks now() throws IOException {
    return Files.isReadable(MACHINE) && Files.isReadable(PROCESS)
        ? parse(Files.readString(MACHINE), Files.readString(PROCESS))
        : UNKNOWN;
  }

  /** Reads what {@code /proc/stat} and {@code /proc/self/stat} hold. */
  static CpuTicks parse(String machine, String process) {
    // The first line: "cpu", user, nice, system, idle, waiting, two kinds of interrupts, stolen.
    long[] cores = numbers(machine.substring("cpu".length(), machine.indexOf('\n')), 0, 8);
    // The name in brackets can hold blanks; the eleven fields after it are of no use here.
    long[] own = numbers(process.substring(process.lastIndexOf(')') + 1), 11, 4);
    long total = LongStream.of(cores).sum();
    return new CpuTicks(total, total - cores[3] - cores[4], LongStream.of(own).sum());
  }

  /** Tells how many cores others kept busy since an earlier moment, on average. */
  OptionalDouble othersSince(CpuTicks earlier, int cores) {
    long passed = total - earlier.total;
    if (passed == 0) {
      return OptionalDouble.empty();
    }
    long others = (busy - earlier.busy) - (own - earlier.own);
    return OptionalDouble.of(Math.max(0, others) * (double) cores / passed);
  }

  private static long[] numbers(String text, int skip, int count) {
    String[] words = text.strip().split(" +");
    return Arrays.stream(words).skip(skip).limit(count).mapToLong(Long::parseLong).toArray();
  }
}
