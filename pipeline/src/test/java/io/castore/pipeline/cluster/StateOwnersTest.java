package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import io.castore.pipeline.config.CastoreConfig;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class StateOwnersTest {
  private final Cluster cluster;
  private final CastoreConfig config;

  StateOwnersTest(Cluster cluster) throws Exception {
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
  void shouldLetTheFirstStoreClaimTheStateAndComeBack() {
    assertThatCode(
            () -> {
              new StateOwners(config).claim("id-one", "file:///one");
              new StateOwners(config).claim("id-one", "file:///one");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseAnotherStore() throws Exception {
    new StateOwners(config).claim("id-one", "file:///one");

    assertThatExceptionOfType(StoreMismatchException.class)
        .isThrownBy(() -> new StateOwners(config).claim("id-two", "file:///two"))
        .withMessageContaining("topics.prefix=" + cluster.prefix())
        .withMessageContaining("identity id-one")
        .withMessageContaining("file:///two (identity id-two)")
        .withMessageContaining("--store");
    new StateOwners(config).claim("id-one", "file:///one");
  }

  @Test
  void shouldTellWhoseTheStateIs() throws Exception {
    StateOwners owners = new StateOwners(config);
    assertThat(owners.owner()).isEmpty();

    owners.claim("id-one", "file:///one");
    assertThat(owners.owner()).contains("id-one");

    owners.assign("id-two");
    assertThat(owners.owner()).contains("id-two");
    owners.claim("id-two", "file:///two");
  }
}
