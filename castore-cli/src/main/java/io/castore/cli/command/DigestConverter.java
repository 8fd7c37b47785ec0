package io.castore.cli.command;

import io.castore.content.digest.Digest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a digest from the command line. */
final class DigestConverter implements ITypeConverter<Digest> {
  @Override
  public Digest convert(String text) {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException notADigest) {
      throw new TypeConversionException(notADigest.getMessage());
    }
  }
}
