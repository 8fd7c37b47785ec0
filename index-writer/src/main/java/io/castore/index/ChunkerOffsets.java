package io.castore.index;

import io.castore.pipeline.cluster.AdminCalls;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.ChunkerGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka for the offsets that the storing topology has committed, in the background and only
 * while somebody wants to know.
 *
 * <p>Safe for use by many threads.
 */
final class ChunkerOffsets implements StoredOffsets {
  private static final Logger log = LoggerFactory.getLogger(ChunkerOffsets.class);
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration USABLE = Duration.ofMinutes(1);

  private final CastoreConfig config;
  private final String group;
  private final StoreWorkers workers;
  private final LongSupplier nanoTime;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Answer answer = new Answer(Optional.empty(), 0);

  ChunkerOffsets(
      CastoreConfig config, String storeId, StoreWorkers workers, LongSupplier nanoTime) {
    this.config = config;
    this.group = ChunkerGroup.application(config.topics(), storeId).id();
    this.workers = workers;
    this.nanoTime = nanoTime;
  }

  private record Answer(Optional<Map<Integer, Long>> stored, long atNanos) {}

  @Override
  public Optional<Map<Integer, Long>> stored() {
    Answer last = answer;
    long age = nanoTime.getAsLong() - last.atNanos();
    boolean isNone = last.stored().isEmpty();
    if ((isNone || age > FRESH.toNanos()) && asking.compareAndSet(false, true)) {
      workers.execute(this::ask);
    }
    return isNone || age > USABLE.toNanos() ? Optional.empty() : last.stored();
  }

  private void ask() {
    try (Admin admin = Admin.create(config.kafkaClient())) {
      answer = new Answer(Optional.of(read(admin)), nanoTime.getAsLong());
    } catch (KafkaException notRead) {
      log.debug("The chunker's offsets cannot be read: {}", notRead.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      asking.set(false);
    }
  }

  private Map<Integer, Long> read(Admin admin) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        AdminCalls.await(
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
            "list the offsets of group " + group);
    if (committed.isEmpty()) {
      throw new KafkaException("group " + group + " has no offsets");
    }
    Map<Integer, Long> stored = new HashMap<>();
    AdminCalls.await(
            admin
                .listOffsets(
                    committed.keySet().stream()
                        .collect(
                            Collectors.toMap(
                                partition -> partition, partition -> OffsetSpec.latest())))
                .all(),
            "list the ends of topic " + config.topics().chunks())
        .forEach(
            (partition, end) -> {
              OffsetAndMetadata offset = committed.get(partition);
              long reached = offset == null ? 0 : offset.offset();
              stored.put(partition.partition(), reached >= end.offset() ? Long.MAX_VALUE : reached);
            });
    return stored;
  }
}
