package io.castore.cli.files;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Names what is not yet whole: {@code .castore-restore-<16 hex characters>.tmp}. */
final class TemporaryName {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TemporaryName() {}

  static Path next() {
    return Path.of(".castore-restore-" + HexFormat.of().toHexDigits(RANDOM.nextLong()) + ".tmp");
  }
}
