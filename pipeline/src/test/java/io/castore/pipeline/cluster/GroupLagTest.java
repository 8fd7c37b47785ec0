package io.castore.pipeline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class GroupLagTest {
  private final Cluster cluster;
  private final Admin admin;

  GroupLagTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldFollowWhatComesAndWhatIsCommitted() throws Exception {
    String group = cluster.prefix() + "chunker-01234567";
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    String topic = cluster.config(Map.of()).topics().chunks().name();
    chunks.commit(group, 0, 0, 0);
    try (GroupLag lag =
        GroupLag.watch(cluster.config(Map.of()), Set.of(group), Duration.ofMillis(50))) {
      await().until(() -> lag.records(group, topic) == 0);

      chunks.send(10);
      await().until(() -> lag.records(group, topic) == 30);

      chunks.commit(group, 10, 5, 0);
      await().until(() -> lag.records(group, topic) == 15);
      assertThat(lag.records(group, "another")).isNaN();
    }
  }
}
