package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import kafka.server.KafkaConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BrokerSettingsTest {
  private LoopbackSockets sockets;

  @BeforeEach
  void openSockets() throws Exception {
    sockets = LoopbackSockets.open();
  }

  @AfterEach
  void closeSockets() throws Exception {
    sockets.close();
  }

  @Test
  void shouldSetNoPropertyThatKafkaDoesNotKnow() {
    TreeSet<String> unknown = new TreeSet<>(settings(BrokerOptions.defaults()).keySet());
    unknown.removeAll(AbstractKafkaConfig.CONFIG_DEF.names());
    // Read by the metrics library from the same properties.
    assertThat(unknown).containsExactly("metrics.jmx.exclude");
  }

  @Test
  void shouldBeAcceptedByKafka() {
    KafkaConfig config = new KafkaConfig(settings(BrokerOptions.defaults()), false);
    assertThat(config.logCleanupIntervalMs()).isEqualTo(10_000);
    assertThat(config.logInitialTaskDelayMs()).isEqualTo(2_000);
    assertThat(config.originals())
        .containsEntry("log.segment.delete.delay.ms", "1000")
        .containsEntry("offsets.retention.minutes", "5256000")
        .containsEntry("auto.create.topics.enable", "false")
        .containsEntry("message.max.bytes", "9437184");
  }

  @Test
  void shouldLetOptionsOverrideSettings() {
    BrokerOptions options = BrokerOptions.defaults().withProperty("num.io.threads", "7");
    assertThat(settings(options)).containsEntry("num.io.threads", "7");
  }

  private Map<String, String> settings(BrokerOptions options) {
    return BrokerSettings.of(Path.of("/data/logs"), sockets, options);
  }
}
