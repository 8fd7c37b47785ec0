package io.castore.gc;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Drops uploads that have been complete for long.
 *
 * @param prefix what the names of their sources start with
 * @param age for how long they have been complete at least
 * @param text the rule as a person wrote it
 */
public record RetentionRule(String prefix, Duration age, String text) {
  private static final Pattern AGE = Pattern.compile("(\\d{1,9})([smhdw])");

  /**
   * Reads a rule.
   *
   * @param text {@code PREFIX=AGE}; the last {@code =} counts
   * @throws IllegalArgumentException if it is none; its message can be shown to the person who
   *     wrote it
   */
  public static RetentionRule parse(String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "not a rule of retention: \"%s\" (expected: PREFIX=AGE, such as s3://logs/=90d)"
              .formatted(text));
    }
    return new RetentionRule(text.substring(0, equals), parseAge(text.substring(equals + 1)), text);
  }

  /**
   * Reads an age: 0, a number of seconds, minutes, hours, days or weeks ({@code 90s}, {@code 30m},
   * {@code 12h}, {@code 30d}, {@code 8w}), or an ISO-8601 duration.
   *
   * @throws IllegalArgumentException if it is none; its message can be shown to the person who
   *     wrote it
   */
  public static Duration parseAge(String text) {
    Matcher amount = AGE.matcher(text);
    if (amount.matches()) {
      long number = Long.parseLong(amount.group(1));
      return switch (amount.group(2).charAt(0)) {
        case 's' -> Duration.ofSeconds(number);
        case 'm' -> Duration.ofMinutes(number);
        case 'h' -> Duration.ofHours(number);
        case 'd' -> Duration.ofDays(number);
        default -> Duration.ofDays(7 * number);
      };
    }
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    try {
      Duration age = Duration.parse(text);
      if (!age.isNegative()) {
        return age;
      }
    } catch (DateTimeParseException none) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "not an age: \"%s\" (expected: 0, a number and s, m, h, d or w, such as 30d, or an ISO-8601 duration)"
            .formatted(text));
  }
}
