package io.castore.cli.command;

import io.castore.blobs.RemoteBlobs;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.net.URI;

/**
 * The query service that a command talks to, instead of Kafka and a store.
 *
 * @param config its keys {@code client.*} are what is shown to the service
 */
record Server(URI url, CastoreConfig config) {
  /**
   * Makes a client. Nothing is asked of the service yet.
   *
   * @throws InvalidConfigException if the URL, or the token with it, cannot be used
   * @throws IOException if a TLS file cannot be used
   */
  RemoteBlobs connect() throws IOException, InvalidConfigException {
    try {
      RemoteBlobs.Builder service =
          RemoteBlobs.at(url).settings(config.client()).stallTimeout(config.ingestStallTimeout());
      if (config.allowsTokenInClear()) {
        service.allowTokenInClear();
      }
      return service.connect();
    } catch (IllegalArgumentException | IllegalStateException unusable) {
      throw new InvalidConfigException("--server: " + unusable.getMessage(), unusable);
    }
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
