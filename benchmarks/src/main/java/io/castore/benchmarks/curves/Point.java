package io.castore.benchmarks.curves;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point of a curve.
 *
 * @param amount of what the curve is about, such as files
 * @param threads beside it; 0 where the curve has none
 */
record Point(long amount, int threads) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,9})(?:x([1-9][0-9]{0,2}))?");

  /**
   * Reads {@code 1000}, or {@code 8x2} where the curve has threads.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Point parse(String text, boolean hasThreads) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches() || (form.group(2) != null) != hasThreads) {
      throw new IllegalArgumentException(
          "point: %s (expected: %s)"
              .formatted(text, hasThreads ? "such as 8x2" : "a whole number, such as 1000"));
    }
    return new Point(
        Long.parseLong(form.group(1)), hasThreads ? Integer.parseInt(form.group(2)) : 0);
  }

  @Override
  public String toString() {
    return threads == 0 ? Long.toString(amount) : amount + "x" + threads;
  }
}
