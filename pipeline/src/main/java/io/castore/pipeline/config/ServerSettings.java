package io.castore.pipeline.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a process serves HTTP and gRPC.
 *
 * @param host the address that it listens at
 * @param port the port; 0 for any that is free
 * @param advertisedUrl where others reach it, where that was said
 * @param insecure whether everybody who reaches it may do everything, wherever it listens
 * @param tokensFile who may call
 * @param certFile its certificate chain
 * @param keyFile its private key
 * @param clientCaFile who signs the certificates of its clients
 * @param limits what it takes from its clients
 */
public record ServerSettings(
    String host,
    int port,
    Optional<URI> advertisedUrl,
    boolean insecure,
    Optional<Path> tokensFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    Optional<Path> clientCaFile,
    ServerLimits limits) {
  /**
   * Checks that the files go together.
   *
   * @throws IllegalArgumentException if they do not
   */
  public ServerSettings {
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new IllegalArgumentException(
          "only one of server.tls.cert.file and server.tls.key.file is set (expected: both or none)");
    }
    if (clientCaFile.isPresent() && certFile.isEmpty()) {
      throw new IllegalArgumentException(
          "server.tls.client.ca.file is set, but server.tls.cert.file is not (expected: both)");
    }
  }
}
