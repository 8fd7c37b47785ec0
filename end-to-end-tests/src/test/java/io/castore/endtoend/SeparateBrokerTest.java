package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.broker.BrokerProcess;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker, services and clients in processes of their own, as in a cluster. */
final class SeparateBrokerTest {
  private static final byte[] LONELY = Contents.random(1000, 1);
  private static final byte[] SERVED = Contents.random(1_000_000, 2);

  @TempDir private static Path directory;
  private static BrokerProcess broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = BrokerProcess.start(directory.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  @Test
  void shouldWorkThroughServicesThatRunElsewhere() throws IOException {
    Path storeDirectory = directory.resolve("store");
    Castore client = inDirectory("client", storeDirectory);
    Contents.write(directory.resolve("client/lonely"), LONELY);
    Contents.write(directory.resolve("client/served"), SERVED);

    CommandResult lonely =
        client.run("ingest", "lonely", "--set", "ingest.stall.timeout.ms=3000").endedWith(3);
    assertThat(lonely.err())
        .contains("nothing was heard of the pipeline for 3 s")
        .contains("is a chunker running, and an indexer?");
    assertThat(lonely.out()).isEmpty();

    try (CastoreProcess serve = inDirectory("server", storeDirectory).start("serve")) {
      serve.awaitError("serving");
      CommandResult served = client.run("ingest", "served").endedWith(0);
      assertThat(served.lines()).isEqualTo(List.of(Contents.line(SERVED, "served")));
      assertThat(client.run("cat", Blake3.hash(SERVED).toHex()).endedWith(0).out())
          .isEqualTo(SERVED);
      // What was given up by its producer was in Kafka already.
      assertThat(client.run("uploads", "--json").endedWith(0).json())
          .extracting(upload -> upload.get("state").asText())
          .containsExactly("COMPLETE", "COMPLETE");
      serve.signal("TERM");
      serve.awaitEnd().endedWith(128 + 15);
    }
    assertThat(StoreWalker.walk(storeDirectory).withoutFaults().blobs()).isEqualTo(2);
    assertThat(Files.exists(directory.resolve("client/castore-data"))).isFalse();
  }

  private static Castore inDirectory(String name, Path storeDirectory) throws IOException {
    return Castore.in(Files.createDirectories(directory.resolve(name)))
        .with("CASTORE_BOOTSTRAP_SERVERS", broker.bootstrapServers())
        .with("CASTORE_STORE_URL", storeDirectory.toUri().toString())
        .with("CASTORE_TOPICS_CHUNKS_PARTITIONS", "2")
        .with("CASTORE_TOPICS_UPLOADS_PARTITIONS", "2");
  }
}
