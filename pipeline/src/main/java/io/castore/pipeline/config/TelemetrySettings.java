package io.castore.pipeline.config;

import java.net.URI;
import java.util.Optional;

/**
 * How uploads are traced.
 *
 * @param otlpEndpoint the collector; empty where nothing is traced
 * @param traceRatio which part of all uploads is, 0 to 1
 */
public record TelemetrySettings(Optional<URI> otlpEndpoint, double traceRatio) {
  /**
   * Checks that the endpoint is one.
   *
   * @throws IllegalArgumentException if it is not
   */
  public TelemetrySettings {
    if (otlpEndpoint.isPresent()) {
      URI endpoint = otlpEndpoint.get();
      boolean isHttp = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
      if (!isHttp || endpoint.getHost() == null) {
        throw new IllegalArgumentException(
            "%s (expected: a URL such as http://collector:4318)".formatted(endpoint));
      }
    }
  }
}
