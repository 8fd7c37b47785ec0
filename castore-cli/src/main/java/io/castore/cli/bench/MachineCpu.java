package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * All the machine's cores at one moment, as Linux counts, in ticks since it started.
 *
 * @param total what all cores had
 * @param busy what of it went to any process, or to another machine on the same host
 */
public record MachineCpu(long total, long busy) {
  private static final Path FILE = Path.of("/proc/stat");
  private static final double TICKS_PER_SECOND = 100;
  private static final int KINDS = 8;
  private static final int IDLE = 3;
  private static final int WAITING = 4;

  /** Counts now; where the system is another one, nothing is counted. */
  public static MachineCpu now() {
    try {
      return parse(Files.readString(FILE));
    } catch (IOException unknown) {
      return new MachineCpu(0, 0);
    }
  }

  /** Reads the first line: "cpu", user, nice, system, idle, waiting, two of interrupts, stolen. */
  public static MachineCpu parse(String text) {
    String line = text.lines().findFirst().orElse("");
    long[] ticks =
        Arrays.stream(line.split(" +")).skip(1).limit(KINDS).mapToLong(Long::parseLong).toArray();
    long total = LongStream.of(ticks).sum();
    return new MachineCpu(
        total, ticks.length <= WAITING ? 0 : total - ticks[IDLE] - ticks[WAITING]);
  }

  /**
   * Tells how many cores others kept busy since an earlier moment, on average.
   *
   * @param ownSeconds what of the processors' time was not others'
   */
  public OptionalDouble othersSince(MachineCpu earlier, double ownSeconds, int cores) {
    long passed = total - earlier.total;
    if (passed <= 0) {
      return OptionalDouble.empty();
    }
    double others = busy - earlier.busy - ownSeconds * TICKS_PER_SECOND;
    return OptionalDouble.of(Math.max(0, others) * cores / passed);
  }
}
