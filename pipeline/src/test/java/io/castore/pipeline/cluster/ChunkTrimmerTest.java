package io.castore.pipeline.cluster;

import static io.castore.pipeline.cluster.ChunkRecords.RECORD_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.pipeline.TestBroker;
import io.castore.pipeline.TestBroker.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBroker.class)
final class ChunkTrimmerTest {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Cluster cluster;
  private final Admin admin;
  private final String group;

  ChunkTrimmerTest(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
    group = cluster.prefix() + "chunker-01234567";
  }

  @AfterEach
  void closeAdmin() {
    admin.close();
  }

  @Test
  void shouldTrimToWhatIsCommittedAndNeverBeyond() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    chunks.send(20);
    chunks.commit(group, 20, 7, -1);

    try (ChunkTrimmer trimmer = start(0)) {
      await().untilAsserted(() -> assertThat(chunks.starts()).containsExactly(20L, 7L, 0L));

      chunks.send(5);
      chunks.commit(group, 21, 7, 3);
      await().untilAsserted(() -> assertThat(chunks.starts()).containsExactly(21L, 7L, 3L));
      assertThat(trimmer).isNotNull();
    }
  }

  @Test
  void shouldLeaveATailOfAboutTheConfiguredSize() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    chunks.send(60);
    chunks.commit(group, 60, 30, 0);

    try (ChunkTrimmer trimmer = start(30 * RECORD_BYTES)) {
      // A third of the 90 records that are stored stays in each partition.
      await().until(() -> chunks.starts().get(0) > 0);
      assertThat(chunks.starts().get(0)).isBetween(38L, 42L);
      assertThat(chunks.starts().get(1)).isBetween(19L, 21L);
      assertThat(chunks.starts().get(2)).isZero();

      // No round takes what is trimmed for a tail that is still too large.
      chunks.commit(group, 60, 60, 0);
      await().until(() -> chunks.starts().get(1) > 30);
      assertThat(tailRecords()).isBetween(26L, 34L);
      assertThat(trimmer).isNotNull();
    }
  }

  @Test
  void shouldLeaveEverythingWhereEverythingIsToStay() throws Exception {
    ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
    chunks.send(5);
    chunks.commit(group, 5, 5, 5);

    try (ChunkTrimmer trimmer = start(-1);
        ChunkTrimmer large = start(1L << 40)) {
      assertThat(trimmer).isNotSameAs(large);
      // Another one, that trims one partition, shows that rounds have passed.
      chunks.commit(group + "-other", 5);
      try (ChunkTrimmer other =
          ChunkTrimmer.start(
              cluster.config(Map.of("chunks.tail.bytes", "0")), group + "-other", PAUSE)) {
        await().untilAsserted(() -> assertThat(chunks.starts()).containsExactly(5L, 0L, 0L));
        assertThat(other).isNotNull();
      }
    }
  }

  @Test
  void shouldGiveSpaceBack() throws Exception {
    ChunkRecords chunks =
        new ChunkRecords(cluster, admin, Map.of("segment.bytes", Integer.toString(1 << 20)));
    chunks.send(400);
    long before = chunks.bytesOnDisk();
    assertThat(before).isGreaterThan(3L * 400 * RECORD_BYTES);
    chunks.commit(group, 400, 400, 400);

    try (ChunkTrimmer trimmer = start(0)) {
      // The segment that is written to stays in each partition.
      await().untilAsserted(() -> assertThat(chunks.bytesOnDisk()).isLessThan(3L * (1 << 20)));
      assertThat(trimmer).isNotNull();
    }
  }

  @Test
  void shouldSurviveATopicThatIsNotThereYet() throws Exception {
    try (ChunkTrimmer trimmer = start(0)) {
      ChunkRecords chunks = new ChunkRecords(cluster, admin, Map.of());
      chunks.send(2);
      chunks.commit(group, 2, 2, 2);

      await().untilAsserted(() -> assertThat(chunks.starts()).isEqualTo(List.of(2L, 2L, 2L)));
      assertThat(trimmer).isNotNull();
    }
  }

  private long tailRecords() throws Exception {
    return ChunkLog.read(admin, cluster.config(Map.of()), Optional.of(group)).tail().records();
  }

  private ChunkTrimmer start(long tailBytes) throws Exception {
    return ChunkTrimmer.start(
        cluster.config(Map.of("chunks.tail.bytes", Long.toString(tailBytes))), group, PAUSE);
  }
}
