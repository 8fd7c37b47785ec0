package io.castore.pipeline.cluster;

import io.castore.pipeline.cluster.ChunkBacklog.Size;
import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What the topic of chunks held at one moment, and how far the chunker has come: everything before
 * what it has committed is stored. The partitions are asked one kind of figure after another, so
 * the figures are some milliseconds apart; a commit is asked for before the ends.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public record ChunkLog(List<Partition> partitions) {
  /** Copies the list. */
  public ChunkLog {
    partitions = List.copyOf(partitions);
  }

  /**
   * One partition.
   *
   * @param partition where it is
   * @param start offset of the first record
   * @param committed offset of the first record that the chunker has not committed; none where it
   *     never has
   * @param end offset after the last record
   * @param heldBytes bytes of all its records, estimated
   * @param backlogBytes bytes of those that the chunker has not committed, estimated
   */
  public record Partition(
      TopicPartition partition,
      long start,
      OptionalLong committed,
      long end,
      long heldBytes,
      long backlogBytes) {
    /** How many records there are. */
    public long heldRecords() {
      return end - start;
    }

    /** How many records the chunker has not committed. */
    public long backlogRecords() {
      return end - firstOfBacklog();
    }

    Partition withBacklogBytes(long bytes) {
      return new Partition(partition, start, committed, end, heldBytes, bytes);
    }

    /** Offset of the first record that the chunker has not committed, or the end. */
    long firstOfBacklog() {
      return Math.min(Math.max(committed.orElse(start), start), end);
    }
  }

  /**
   * Looks at the topic once. Bytes are a share of each partition's size on disk: records that were
   * trimmed count until their segment is gone, and records of unlike sizes as if they were alike.
   *
   * @param group the chunker's consumer group; none where no chunker has ever run
   * @throws KafkaException if Kafka cannot be reached or refuses
   */
  public static ChunkLog read(Admin admin, CastoreConfig config, Optional<String> group)
      throws InterruptedException {
    return new ChunkLogReader(admin, config, Duration.ZERO).read(group);
  }

  /** Everything that is in the topic. */
  public Size held() {
    return new Size(sum(Partition::heldRecords), sum(Partition::heldBytes));
  }

  /** What waits to be stored. */
  public Size backlog() {
    return new Size(sum(Partition::backlogRecords), sum(Partition::backlogBytes));
  }

  /** What is stored already, and kept for replay. */
  public Size tail() {
    Size held = held();
    Size backlog = backlog();
    return new Size(held.records() - backlog.records(), held.bytes() - backlog.bytes());
  }

  private long sum(ToLongFunction<Partition> figure) {
    return partitions.stream().mapToLong(figure).sum();
  }
}
