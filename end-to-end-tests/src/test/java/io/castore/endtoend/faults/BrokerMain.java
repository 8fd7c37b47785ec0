package io.castore.endtoend.faults;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A Kafka broker in a process of its own, which lives until its standard input ends. It tells its
 * clients to come to a port that stays the same over its starts, where a proxy is.
 */
final class BrokerMain {
  private BrokerMain() {}

  /** Takes the data directory, the port for clients, and the file for the broker's own port. */
  public static void main(String[] arguments) throws IOException {
    BrokerOptions options =
        BrokerOptions.defaults()
            .withOnFatal(message -> Runtime.getRuntime().halt(3))
            .withProperty("advertised.listeners", "BROKER://127.0.0.1:" + arguments[1]);
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), options)) {
      String servers = broker.bootstrapServers();
      new PortFile(Path.of(arguments[2]))
          .write(Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1)));
      while (System.in.read() >= 0) {
        // The end is what counts: it also comes when the process of the tests dies.
      }
    }
  }
}
