package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerProcessTest {
  private static final int MIB = 1 << 20;

  @TempDir Path dataDir;

  @Test
  void shouldKeepAcknowledgedRecordsWhenProcessIsKilled() throws Exception {
    List<byte[]> sent = TestTopic.smallRecords(300);
    try (BrokerProcess killed = BrokerProcess.start(dataDir)) {
      TestTopic.create(killed.bootstrapServers(), MIB);
      TestTopic.send(killed.bootstrapServers(), sent);
      killed.kill();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, BrokerOptions.defaults())) {
      assertThat(TestTopic.read(broker.bootstrapServers())).containsExactlyElementsOf(sent);
    }
  }

  @Test
  void shouldRefuseDirectoryWhenAnotherProcessUsesIt() throws Exception {
    try (BrokerProcess process = BrokerProcess.start(dataDir)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, BrokerOptions.defaults()))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("in use by another broker: " + dataDir);
      process.stop();
      EmbeddedBroker.start(dataDir, BrokerOptions.defaults()).close();
    }
  }

  @Test
  void shouldStartWhenProcessesWereKilledDuringTheFirstStart() throws Exception {
    // Somewhere between an empty directory and a broker that answers.
    Random moments = new Random(7);
    for (int kill = 0; kill < 5; kill++) {
      try (BrokerProcess killed = BrokerProcess.launch(dataDir)) {
        assertThat(killed.awaitEnd(200 + moments.nextInt(1500), TimeUnit.MILLISECONDS)).isFalse();
        killed.kill();
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, BrokerOptions.defaults())) {
      TestTopic.create(broker.bootstrapServers(), MIB);
      TestTopic.send(broker.bootstrapServers(), TestTopic.smallRecords(3));
      assertThat(TestTopic.read(broker.bootstrapServers())).hasSize(3);
    }
  }
}
