package io.castore.query.server;

import io.castore.pipeline.config.ServerSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Where others reach a server. */
final class ServerUrl {
  private ServerUrl() {}

  /** Gives what was configured, or else what follows from where it listens. */
  static URI of(ServerSettings settings, InetAddress address, int port) {
    return settings
        .advertisedUrl()
        .orElseGet(
            () -> {
              String scheme = settings.certFile().isPresent() ? "https" : "http";
              String host = address.isAnyLocalAddress() ? machineName() : settings.host();
              return URI.create("%s://%s:%d".formatted(scheme, bracketed(host), port));
            });
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
