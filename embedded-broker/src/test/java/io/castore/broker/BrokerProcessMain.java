package io.castore.broker;

import java.io.IOException;
import java.nio.file.Path;

/** What {@link BrokerProcess} runs: a broker that lives until standard input ends. */
final class BrokerProcessMain {
  private BrokerProcessMain() {}

  /** Takes the data directory, and writes one line, the broker's address, once it is ready. */
  public static void main(String[] args) throws IOException {
    BrokerOptions options =
        BrokerOptions.defaults().withOnFatal(message -> Runtime.getRuntime().halt(3));
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), options)) {
      System.out.println(broker.bootstrapServers());
      while (System.in.read() >= 0) {
        // The end is what counts: it also comes when the test's process dies.
      }
    }
  }
}
