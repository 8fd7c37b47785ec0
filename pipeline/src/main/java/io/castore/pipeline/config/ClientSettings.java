package io.castore.pipeline.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process shows to services that it calls, and how it knows them.
 *
 * @param token its bearer token; a secret
 * @param caFile who signs the services' certificates; those that the JDK trusts where empty
 * @param certFile its certificate chain
 * @param keyFile its private key
 */
public record ClientSettings(
    Optional<String> token,
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile) {
  /**
   * Checks that the files go together.
   *
   * @throws IllegalArgumentException if they do not
   */
  public ClientSettings {
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new IllegalArgumentException(
          "only one of client.tls.cert.file and client.tls.key.file is set (expected: both or none)");
    }
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "ClientSettings[caFile=%s, certFile=%s]".formatted(caFile, certFile);
  }
}
