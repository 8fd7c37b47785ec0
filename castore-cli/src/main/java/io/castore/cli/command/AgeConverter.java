package io.castore.cli.command;

import io.castore.gc.RetentionRule;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an age from the command line. */
final class AgeConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return RetentionRule.parseAge(text);
    } catch (IllegalArgumentException notAnAge) {
      throw new TypeConversionException(notAnAge.getMessage());
    }
  }
}
