package io.castore.pipeline.cluster;

import io.castore.pipeline.cluster.ChunkLog.Partition;
import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes chunk records that are stored from Kafka, but for a tail of a configured size. What the
 * chunker's group has not committed stays, whatever the size; a partition that it has never
 * committed stays whole.
 *
 * <p>The tail is divided among the partitions as their stored records are, by estimated bytes (see
 * {@link PartitionBytes}). An error of the estimate leaves a tail that is larger or smaller; it
 * never reaches what is not stored. Kafka gives space back by whole segments, some time later.
 *
 * <p>Every instance of the service may trim: to delete what is deleted changes nothing. Failures of
 * Kafka are logged and survived.
 */
public final class ChunkTrimmer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChunkTrimmer.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final @Nullable Running running;

  private ChunkTrimmer(@Nullable Running running) {
    this.running = running;
  }

  private record Running(Rounds rounds, Admin admin) {}

  /**
   * Trims now and about every 10 seconds. Does nothing where everything is to stay.
   *
   * @param chunkerGroup the chunker's consumer group
   */
  public static ChunkTrimmer start(CastoreConfig config, String chunkerGroup) {
    return start(config, chunkerGroup, PAUSE);
  }

  static ChunkTrimmer start(CastoreConfig config, String chunkerGroup, Duration pause) {
    if (config.chunkTailBytes().isEmpty()) {
      return new ChunkTrimmer(null);
    }
    Admin admin = Admin.create(config.kafkaClient());
    TrimRound round =
        new TrimRound(
            admin,
            new ChunkLogReader(admin, config, Duration.ZERO),
            chunkerGroup,
            config.chunkTailBytes().getAsLong());
    return new ChunkTrimmer(
        new Running(Rounds.start(log, "trim the topic of chunks", pause, round::trim), admin));
  }

  /** Ends a round that is under way, within 10 seconds. */
  @Override
  public void close() {
    if (running != null) {
      running.rounds().close();
      running.admin().close(Duration.ZERO);
    }
  }

  /** Looks, decides, deletes. */
  private record TrimRound(Admin admin, ChunkLogReader reader, String group, long tailBytes) {
    void trim() throws InterruptedException {
      ChunkLog chunks = reader.read(Optional.of(group));
      long storedBytes = 0;
      for (Partition partition : chunks.partitions()) {
        storedBytes += storedBytes(partition);
      }
      Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
      for (Partition partition : chunks.partitions()) {
        if (partition.committed().isPresent()) {
          long firstKept = firstKept(partition, (double) tailBytes / Math.max(1, storedBytes));
          if (firstKept > partition.start()) {
            deletions.put(partition.partition(), RecordsToDelete.beforeOffset(firstKept));
          }
        }
      }
      if (!deletions.isEmpty()) {
        log.debug("Trims {}", deletions);
        AdminCalls.await(admin.deleteRecords(deletions).all(), "delete stored records");
      }
    }

    private long storedBytes(Partition partition) {
      return partition.committed().isPresent()
          ? reader
              .bytes(partition.partition())
              .between(partition.start(), partition.firstOfBacklog())
          : 0;
    }

    private long firstKept(Partition partition, double share) {
      long limit = partition.firstOfBacklog();
      return share >= 1
          ? partition.start()
          : reader
              .bytes(partition.partition())
              .offsetBefore(partition.start(), limit, Math.round(share * storedBytes(partition)));
    }
  }
}
