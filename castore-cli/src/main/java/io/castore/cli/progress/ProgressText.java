package io.castore.cli.progress;

import java.util.Locale;

/** Writes amounts as people read them. */
public final class ProgressText {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private ProgressText() {}

  /**
   * A number of bytes in the largest decimal unit that leaves something before the point: {@code
   * 1.2 MB}.
   */
  public static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 999.95 && unit < UNITS.length - 1) {
      amount /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }

  /** A rate. */
  public static String rate(long bytes, double seconds) {
    return bytes(Math.round(bytes / Math.max(seconds, 0.001))) + "/s";
  }

  /** What was done, in how long: {@code 3 files, 1.2 MB in 2.0 s (0.6 MB/s)}. */
  public static String done(long files, long bytes, double seconds) {
    return String.format(
        Locale.ROOT,
        "%s, %s in %.1f s (%s)",
        count(files, "file"),
        bytes(bytes),
        seconds,
        rate(bytes, seconds));
  }

  /** A number and its noun, in the plural but for one. */
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
