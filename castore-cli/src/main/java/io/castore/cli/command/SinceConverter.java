package io.castore.cli.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time: {@code 2026-11-01T12:00:00Z}, {@code 2026-11-01} or, from now, {@code 7d}. */
final class SinceConverter implements ITypeConverter<Instant> {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhdw])");

  @Override
  public Instant convert(String text) {
    Matcher age = AGE.matcher(text);
    if (age.matches()) {
      return Instant.now().minus(unit(age.group(2)).multipliedBy(Long.parseLong(age.group(1))));
    }
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException noTime) {
      throw new TypeConversionException(
          "not a time: \"%s\" (expected: 2026-11-01T12:00:00Z, 2026-11-01, or an age such as 12h, 7d)"
              .formatted(text));
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
