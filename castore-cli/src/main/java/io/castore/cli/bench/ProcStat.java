package io.castore.cli.bench;

/**
 * A line of Linux's {@code /proc/PID/stat} or {@code /proc/PID/task/TID/stat}.
 *
 * @param name of the process or thread, at most 15 characters
 * @param cpuSeconds what it has used of processors, in user and in system mode
 * @param childrenCpuSeconds the same of children that have ended and were waited for, with theirs
 * @param startTicks when it began; tells it from a later one with the same number
 */
public record ProcStat(String name, double cpuSeconds, double childrenCpuSeconds, long startTicks) {
  /** Of times: USER_HZ, which is 100 on every machine that Linux runs on. */
  private static final double TICKS_PER_SECOND = 100;

  // Places behind the name.
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CHILDREN_UTIME = 13;
  private static final int CHILDREN_STIME = 14;
  private static final int START_TIME = 19;

  /**
   * Reads the line.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ProcStat parse(String line) {
    // The name, in brackets, may hold anything.
    int open = line.indexOf('(');
    int close = line.lastIndexOf(')');
    String[] fields = close < 0 ? new String[0] : line.substring(close + 1).strip().split(" ", -1);
    if (open < 0 || fields.length <= START_TIME) {
      throw new IllegalArgumentException("stat: " + line + " (expected: as proc(5) describes)");
    }
    return new ProcStat(
        line.substring(open + 1, close),
        seconds(fields, UTIME, STIME),
        seconds(fields, CHILDREN_UTIME, CHILDREN_STIME),
        Long.parseLong(fields[START_TIME]));
  }

  private static double seconds(String[] fields, int user, int system) {
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS_PER_SECOND;
  }
}
