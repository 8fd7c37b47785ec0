package io.castore.cli.command;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much may begin in a second.
 *
 * @param sources how many sources; 0 for no limit
 * @param bytes how many bytes of them; 0 for no limit
 */
record Rates(long sources, long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(B|kB|MB|GB|KiB|MiB|GiB)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);

  /**
   * Reads {@code 100}, sources a second, and {@code 20MB}, bytes a second.
   *
   * @throws IllegalArgumentException if one is neither
   */
  static Rates parse(List<String> texts) {
    long sources = 0;
    long bytes = 0;
    for (String text : texts) {
      Matcher form = FORM.matcher(text);
      if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
        throw new IllegalArgumentException(
            "--rate: " + text + " (expected: sources a second, such as 100, or bytes: 20MB)");
      }
      long amount = Long.parseLong(form.group(1));
      if (form.group(2) == null) {
        sources = amount;
      } else {
        bytes = Math.multiplyExact(amount, UNITS.getOrDefault(form.group(2), 1L));
      }
    }
    return new Rates(sources, bytes);
  }
}
