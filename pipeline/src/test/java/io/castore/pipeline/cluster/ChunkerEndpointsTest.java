package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class ChunkerEndpointsTest {
  private static final URI ONE = URI.create("http://10.0.0.1:8080");
  private static final URI TWO = URI.create("https://two:8443");

  private final Cluster cluster;
  private final CastoreConfig config;

  ChunkerEndpointsTest(Cluster cluster) throws Exception {
    this.cluster = cluster;
    config = cluster.config(Map.of());
  }

  @BeforeEach
  void makeTopics() throws Exception {
    try (Admin admin = cluster.admin()) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
  }

  @Test
  void shouldTellWhereChunkersAreReachedAsLongAsTheyAreThere() throws Exception {
    try (ServiceBeacon one = beacon("chunker", "1", Optional.of(ONE));
        ServiceBeacon unreached = beacon("chunker", "2", Optional.empty());
        ServiceBeacon indexer = beacon("indexer", "3", Optional.of(TWO))) {
      one.paused("the store is away");
      unreached.running();
      indexer.running();
      await().until(() -> ServiceStatuses.read(config).size() == 3);
      try (ChunkerEndpoints endpoints = ChunkerEndpoints.watch(config)) {
        assertThat(endpoints.awaitRead(Duration.ofMinutes(1))).isTrue();
        assertThat(endpoints.now()).containsExactly(ONE);

        try (ServiceBeacon two = beacon("chunker", "4", Optional.of(TWO))) {
          two.running();
          await()
              .untilAsserted(() -> assertThat(endpoints.now()).containsExactlyInAnyOrder(ONE, TWO));
        }
        await().untilAsserted(() -> assertThat(endpoints.now()).containsExactly(ONE));
      }
    }
  }

  @Test
  void shouldNotKeepAnybodyWaitingWhereNoBrokerIs() throws Exception {
    CastoreConfig nowhere = cluster.config(Map.of("bootstrap.servers", "127.0.0.1:1"));
    try (ChunkerEndpoints endpoints = ChunkerEndpoints.watch(nowhere)) {
      assertThat(endpoints.awaitRead(Duration.ofMillis(1))).isFalse();
      assertThat(endpoints.now()).isEmpty();
    }
  }

  private ServiceBeacon beacon(String role, String instance, Optional<URI> endpoint)
      throws Exception {
    return ServiceBeacon.start(cluster.config(Map.of("instance.id", instance)), role, endpoint);
  }
}
