package io.castore.pipeline.cluster;

import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much waits in Kafka to be stored, for who wants to hold back while it is too much.
 *
 * <p>Safe for use by many threads.
 */
public final class ChunkBacklog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChunkBacklog.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration SIZES_EVERY = Duration.ofSeconds(5);

  private final Admin admin;
  private final ChunkLogReader reader;
  private final Optional<String> group;
  private final Rounds rounds;
  private volatile Size size;

  private ChunkBacklog(Admin admin, ChunkLogReader reader, String group)
      throws InterruptedException {
    this.admin = admin;
    this.reader = reader;
    this.group = Optional.of(group);
    this.size = reader.read(this.group).backlog();
    this.rounds = Rounds.start(log, "look at the backlog", PAUSE, this::look);
  }

  /**
   * How much waits.
   *
   * @param records number of records
   * @param bytes their size in Kafka, an estimate: see {@link ChunkLog}
   */
  public record Size(long records, long bytes) {}

  /**
   * Looks at the backlog now, and then about once a second. The topic has to exist; a group that
   * has never committed has all of it before it.
   *
   * @param chunkerGroup the chunker's consumer group
   * @throws KafkaException if Kafka cannot be reached or refuses now; later failures leave the size
   *     as it was last seen
   */
  public static ChunkBacklog watch(CastoreConfig config, String chunkerGroup)
      throws InterruptedException {
    Admin admin = Admin.create(config.kafkaClient());
    try {
      return new ChunkBacklog(admin, new ChunkLogReader(admin, config, SIZES_EVERY), chunkerGroup);
    } catch (KafkaException | InterruptedException failed) {
      admin.close(Duration.ZERO);
      throw failed;
    }
  }

  /** What waits, as of a second ago, or since when Kafka was last heard of. */
  public Size size() {
    return size;
  }

  private void look() throws InterruptedException {
    size = reader.read(group).backlog();
  }

  @Override
  public void close() {
    rounds.close();
    admin.close(Duration.ZERO);
  }
}
