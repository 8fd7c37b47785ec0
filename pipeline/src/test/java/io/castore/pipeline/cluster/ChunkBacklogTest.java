package io.castore.pipeline.cluster;

import static io.castore.pipeline.cluster.ChunkRecords.RECORD_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class ChunkBacklogTest {
  private final Cluster cluster;
  private final Admin admin;
  private final String group;

  ChunkBacklogTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
    group = cluster.prefix() + "chunker-01234567";
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldFollowWhatComesAndWhatIsCommitted() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    try (ChunkBacklog backlog = ChunkBacklog.watch(cluster.config(Map.of()), group)) {
      assertThat(backlog.size()).isEqualTo(new ChunkBacklog.Size(0, 0));

      chunks.send(10);
      await().until(() -> backlog.size().records() == 30);
      await()
          .untilAsserted(
              () -> assertThat(backlog.size().bytes()).isBetween(about(30), 2 * about(30)));

      chunks.commit(group, 10, 5, 0);
      await().until(() -> backlog.size().records() == 15);
      await()
          .untilAsserted(
              () -> assertThat(backlog.size().bytes()).isBetween(about(15), 2 * about(15)));
    }
  }

  @Test
  void shouldTakeEverythingForBacklogWhereNothingWasEverCommitted() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    chunks.send(10);

    for (Optional<String> none : List.of(Optional.<String>empty(), Optional.of(group))) {
      ChunkLog log = ChunkLog.read(admin, cluster.config(Map.of()), none);

      assertThat(log.partitions()).hasSize(ChunkRecords.PARTITIONS);
      assertThat(log.backlog()).isEqualTo(log.held());
      assertThat(log.backlog().records()).isEqualTo(30);
      assertThat(log.backlog().bytes()).isEqualTo(chunks.bytesOnDisk());
      assertThat(log.tail()).isEqualTo(new ChunkBacklog.Size(0, 0));
    }
  }

  @Test
  void shouldTellTheBacklogFromTheTail() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    chunks.send(10);
    chunks.commit(group, 10, 5, -1);

    ChunkLog log = ChunkLog.read(admin, cluster.config(Map.of()), Optional.of(group));

    assertThat(log.backlog().records()).isEqualTo(15);
    assertThat(log.tail().records()).isEqualTo(15);
    assertThat(log.tail().bytes() + log.backlog().bytes()).isEqualTo(chunks.bytesOnDisk());
    assertThat(log.tail().bytes()).isBetween(about(15), about(17));
  }

  @Test
  void shouldTellWhereThereIsNoTopic() {
    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> ChunkBacklog.watch(cluster.config(Map.of()), group))
        .withMessageContaining("cannot describe topic " + cluster.prefix() + "chunks");
  }

  private static long about(int records) {
    return (long) records * RECORD_BYTES;
  }
}
