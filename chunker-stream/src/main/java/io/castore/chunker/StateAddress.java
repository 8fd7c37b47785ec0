package io.castore.chunker;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where a process is reached, as Kafka Streams tells it to the others: a host and a port.
 *
 * @param address a name or a literal, not resolved and without brackets
 */
record StateAddress(InetSocketAddress address) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Takes it from where a server is reached.
   *
   * @throws IllegalArgumentException if that names no host
   */
  static StateAddress of(URI endpoint) {
    String host = endpoint.getHost();
    if (host == null) {
      throw new IllegalArgumentException("endpoint: " + endpoint + " (expected: with a host)");
    }
    int port = endpoint.getPort();
    if (port < 0) {
      port = "https".equals(endpoint.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
    return new StateAddress(
        InetSocketAddress.createUnresolved(
            host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
  }

  /** Gives it as the setting {@code application.server}. */
  String text() {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
