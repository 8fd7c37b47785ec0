package io.castore.cli.command;

import io.castore.content.digest.Digest;
import picocli.CommandLine.Parameters;

/** The argument of a command that is about one blob. */
final class BlobArgument {
  @Parameters(
      paramLabel = "DIGEST",
      converter = DigestConverter.class,
      description = "64 hex characters, b3:<base64> or blake3-<base64>.")
  private Digest digest = Digest.EMPTY;

  Digest digest() {
    return digest;
  }
}
