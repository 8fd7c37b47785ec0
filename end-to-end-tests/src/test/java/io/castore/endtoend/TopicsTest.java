package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that are made before any service runs. */
final class TopicsTest {
  @TempDir private Path directory;

  @Test
  void shouldMakeTopicsOnceAndTellOfThemEachTime() throws IOException {
    try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"))) {
      Castore castore =
          Castore.in(directory)
              .with("CASTORE_BOOTSTRAP_SERVERS", broker.bootstrapServers())
              .with("CASTORE_TOPICS_CHUNKS_PARTITIONS", "3")
              .with("CASTORE_TOPICS_UPLOADS_PARTITIONS", "2")
              .with("CASTORE_WATCH_TOPIC", "bucket-events");

      CommandResult made = castore.run("topics", "create").endedWith(0);
      assertThat(made.lines())
          .contains("    3  castore.chunks", "    2  castore.uploads", "    2  bucket-events");
      assertThat(castore.run("topics", "create").endedWith(0).lines()).isEqualTo(made.lines());
      assertThat(castore.run("topics", "create", "--json").endedWith(0).json())
          .hasSameSizeAs(made.lines())
          .anySatisfy(
              topic -> {
                assertThat(topic.get("topic").asText()).isEqualTo("castore.chunks");
                assertThat(topic.get("partitions").asInt()).isEqualTo(3);
              });
    }
  }
}
