package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class IntakeTest {
  private static final int MIB = 1 << 20;

  @Test
  void shouldHoldFewChunksOfEachOfManyPartitions() throws InvalidConfigException {
    Intake few = Intake.ofChunks(CastoreConfig.of(Map.of()), 8);
    Intake many = Intake.ofChunks(CastoreConfig.of(Map.of()), 64);

    assertThat(few.recordsPerPartition()).isEqualTo(16);
    assertThat(few.partitionFetchBytes()).isEqualTo(2 * MIB);
    assertThat(few.pollRecords(2)).isEqualTo(32);
    assertThat(many.recordsPerPartition()).isEqualTo(2);
    assertThat(many.partitionFetchBytes()).isEqualTo(640 << 10);
    assertThat(many.pollRecords(8)).isEqualTo(16);
  }

  @Test
  void shouldHoldManyEvents() {
    Intake events = Intake.ofEvents(32);

    assertThat(events.recordsPerPartition()).isEqualTo(128);
    assertThat(events.pollRecords(1)).isEqualTo(1000);
    assertThat(events.partitionFetchBytes()).isEqualTo(256 << 10);
  }

  @Test
  void shouldFollowFromWhatAnApplicationReads() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(Map.of());

    assertThat(Intake.of(config, ChunkerGroup.application(config.topics(), "store")))
        .isEqualTo(Intake.ofChunks(config, 64));
    assertThat(
            Intake.of(
                config,
                StreamsApplication.of(
                    config.topics(),
                    "indexer",
                    "store",
                    config.topics().uploads(),
                    config.topics().chunkReceipts())))
        .isEqualTo(Intake.ofEvents(32));
  }

  @Property
  void shouldStayWithinItsBudgetOrAtItsLeast(
      @ForAll @IntRange(min = 1, max = 10_000) int partitions,
      @ForAll @IntRange(min = 1, max = 4 << 20) int recordBytes,
      @ForAll @IntRange(min = 1 << 20, max = 1 << 30) int memoryBytes) {
    Intake intake = new Intake(partitions, recordBytes, memoryBytes);

    long queues = (long) intake.recordsPerPartition() * recordBytes * partitions;
    long fetched = (long) intake.partitionFetchBytes() * partitions;

    assertThat(queues)
        .isLessThanOrEqualTo(Math.max(memoryBytes / 2, 2L * recordBytes * partitions));
    assertThat(fetched)
        .isLessThanOrEqualTo(
            Math.max(memoryBytes / 4, Math.max(64L << 10, recordBytes * 5L / 4) * partitions));
  }
}
