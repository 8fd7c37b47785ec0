package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.ServiceStatus.State;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class ServiceBeaconTest {
  private final Cluster cluster;
  private final CastoreConfig config;

  ServiceBeaconTest(Cluster cluster) throws Exception {
    this.cluster = cluster;
    config = cluster.config(Map.of("instance.id", "a"));
  }

  @BeforeEach
  void makeTopics() throws Exception {
    try (Admin admin = cluster.admin()) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
  }

  @Test
  void shouldTellEachChangeAtOnce() {
    try (ServiceBeacon beacon = ServiceBeacon.start(config, "chunker")) {
      assertThat(ServiceStatuses.read(config)).isEmpty();

      beacon.running();
      awaitState(State.RUNNING);

      beacon.paused("the store does not answer");
      awaitState(State.PAUSED);
      assertThat(ServiceStatuses.read(config))
          .singleElement()
          .satisfies(
              status -> {
                assertThat(status.getRole()).isEqualTo("chunker");
                assertThat(status.getInstance()).isEqualTo("a");
                assertThat(status.getReason()).isEqualTo("the store does not answer");
                assertThat(status.getEndpoint()).isEmpty();
                assertThat(status.getSinceMs()).isBetween(1L, status.getUpdatedAtMs());
              });

      beacon.running();
      awaitState(State.RUNNING);
    }
    assertThat(ServiceStatuses.read(config))
        .singleElement()
        .extracting(ServiceStatus::getState)
        .isEqualTo(State.STOPPED);
  }

  @Test
  void shouldTellRolesAndInstancesApartAndNameAProcessThatHasNoName() throws Exception {
    try (ServiceBeacon chunker = ServiceBeacon.start(config, "chunker");
        ServiceBeacon indexer = ServiceBeacon.start(cluster.config(Map.of()), "indexer")) {
      chunker.running();
      indexer.running();
    }

    assertThat(ServiceStatuses.read(config))
        .extracting(ServiceStatus::getRole)
        .containsExactly("chunker", "indexer");
    assertThat(ServiceStatuses.read(config).get(1).getInstance())
        .endsWith(":" + ProcessHandle.current().pid());
  }

  @Test
  void shouldLeaveOutWhoIsSilent() {
    try (ServiceBeacon beacon = ServiceBeacon.start(config, "chunker")) {
      beacon.running();
    }

    assertThat(
            ServiceStatuses.read(
                config, System.currentTimeMillis() + Duration.ofMinutes(2).toMillis()))
        .isEmpty();
  }

  @Test
  void shouldNotKeepAServiceWaitingWhereNoBrokerIs() throws Exception {
    CastoreConfig nowhere = cluster.config(Map.of("bootstrap.servers", "127.0.0.1:1"));
    try (ServiceBeacon beacon = ServiceBeacon.start(nowhere, "chunker")) {
      beacon.running();
      beacon.paused("no store either");
    }
  }

  private void awaitState(State state) {
    await()
        .untilAsserted(
            () ->
                assertThat(ServiceStatuses.read(config))
                    .singleElement()
                    .extracting(ServiceStatus::getState)
                    .isEqualTo(state));
  }
}
