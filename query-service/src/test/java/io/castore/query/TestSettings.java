package io.castore.query;

import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.config.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings for servers under test. */
public final class TestSettings {
  public static final ServerLimits LIMITS =
      new ServerLimits(
          200, 100, 8, 1L << 30, 16 << 10, Duration.ofSeconds(30), Duration.ofSeconds(30));

  private TestSettings() {}

  /** On loopback, at any port, open to everybody. */
  public static ServerSettings open(ServerLimits limits) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        limits);
  }

  /** On loopback, for those with a token. */
  public static ServerSettings withTokens(Path tokens) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        false,
        Optional.of(tokens),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LIMITS);
  }

  /** At an address and port. */
  public static ServerSettings at(String host, int port, boolean insecure) {
    return new ServerSettings(
        host,
        port,
        Optional.empty(),
        insecure,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LIMITS);
  }

  /** On loopback, with TLS. */
  public static ServerSettings tls(Path certificate, Path key, Optional<Path> clientCa) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.of(certificate),
        Optional.of(key),
        clientCa,
        LIMITS);
  }
}
