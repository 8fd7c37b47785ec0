package io.castore.feeds.watch;

import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.notification.MalformedNotificationException;
import io.castore.feeds.notification.Notification;
import io.castore.feeds.notification.NotificationReader;
import io.castore.feeds.notification.ObjectEvent;
import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a topic of bucket notifications. The offset of a record is committed when all records
 * before it, and it, are done with: their objects are readable blobs, were so before, or are dead
 * letters. It polls also while nothing more can be begun, so that its group keeps the partitions.
 *
 * <p>Runs on a thread of its own, to which all but what is said to be for others belongs.
 */
final class NotificationFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NotificationFollower.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(10);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final String SESSION_TIMEOUT_MS = "15000";
  private static final int MOST_POLLED = 500;

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final S3Buckets service;
  private final SourceRunner runner;
  private final EventDeadLetters deadLetters;
  private final WatchCounters counters;
  private final Consumer<Throwable> onFatal;
  private final Map<TopicPartition, PendingOffsets> partitions = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  /** What other threads leave to be done here. */
  private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

  private final Thread thread = new Thread(this::run, "watch-events");
  private long committedAtNanos = System.nanoTime();
  private volatile boolean closed;

  private NotificationFollower(
      String topic,
      KafkaConsumer<byte[], byte[]> consumer,
      S3Buckets service,
      SourceRunner runner,
      EventDeadLetters deadLetters,
      WatchCounters counters,
      Consumer<Throwable> onFatal) {
    this.topic = topic;
    this.consumer = consumer;
    this.service = service;
    this.runner = runner;
    this.deadLetters = deadLetters;
    this.counters = counters;
    this.onFatal = onFatal;
  }

  /**
   * Starts to follow, from where the group ended; at first, from the first record there is.
   *
   * @param onFatal told when it cannot go on
   */
  static NotificationFollower start(
      CastoreConfig config,
      String topic,
      S3Buckets service,
      SourceRunner runner,
      EventDeadLetters deadLetters,
      WatchCounters counters,
      Consumer<Throwable> onFatal) {
    NotificationFollower follower =
        new NotificationFollower(
            topic, consumer(config), service, runner, deadLetters, counters, onFatal);
    follower.thread.setDaemon(true);
    follower.thread.start();
    return follower;
  }

  /** Name of the consumer group. */
  static String group(CastoreConfig config) {
    return config.topics().prefix() + "watch";
  }

  private static KafkaConsumer<byte[], byte[]> consumer(CastoreConfig config) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_POLLED);
    config
        .instanceId()
        .ifPresent(id -> settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id + "-watch"));
    settings.putAll(config.kafkaClient());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(config));
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // A gap is to be told of, not passed over.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** An object that is to be ingested, and the record that said so. */
  private record Waiting(TopicPartition partition, Taken record, ObjectEvent event) {}

  /** A record that was taken, and how many of its objects are not done with. */
  private static final class Taken {
    private final ConsumerRecord<byte[], byte[]> record;
    private final PendingOffsets offsets;
    private final AtomicInteger objects;

    Taken(ConsumerRecord<byte[], byte[]> record, PendingOffsets offsets, int objects) {
      this.record = record;
      this.offsets = offsets;
      this.objects = new AtomicInteger(objects);
    }
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(Set.of(topic), new Rebalance());
      while (!closed) {
        step();
      }
      end();
      consumer.commitSync(committable(), LAST_COMMIT);
    } catch (RuntimeException failure) {
      if (!closed) {
        onFatal.accept(failure);
      } else {
        log.warn("The last offsets of {} were not committed: {}", topic, failure.getMessage());
      }
    }
  }

  private void step() {
    try {
      consumer.poll(POLL).forEach(this::take);
    } catch (InvalidOffsetException unset) {
      beginAtStart(unset);
    }
    end();
    begin();
    if (waiting.isEmpty()) {
      consumer.resume(consumer.paused());
    } else {
      consumer.pause(consumer.assignment());
    }
    counters.lag(lag());
    if (System.nanoTime() - committedAtNanos > COMMIT_INTERVAL.toNanos()) {
      commit();
    }
  }

  private void beginAtStart(InvalidOffsetException unset) {
    if (unset instanceof OffsetOutOfRangeException lost) {
      log.error(
          "Events of {} were deleted before they were read, those from these offsets on: {}; what they told of is found by castore backfill",
          topic,
          lost.offsetOutOfRangePartitions());
    }
    consumer.seekToBeginning(unset.partitions());
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    PendingOffsets offsets = partitions.computeIfAbsent(partition, any -> new PendingOffsets());
    offsets.begin(record.offset());
    counters.events.increment();
    try {
      Notification notification = NotificationReader.read(record.value());
      counters.others.add(notification.others());
      Taken taken = new Taken(record, offsets, notification.created().size());
      for (ObjectEvent event : notification.created()) {
        waiting.add(new Waiting(partition, taken, event));
      }
      if (notification.created().isEmpty()) {
        offsets.end(record.offset());
      }
    } catch (MalformedNotificationException malformed) {
      counters.malformed.increment();
      bury(new Taken(record, offsets, 1), "malformed: " + malformed.getMessage());
    }
  }

  private void begin() {
    while (!waiting.isEmpty() && runner.tryRoom()) {
      Waiting next = waiting.remove();
      WatchedObject object = new WatchedObject(service, next.event());
      CompletableFuture<Void> unused =
          runner
              .run(object)
              .thenAccept(result -> ended(next.record(), object.name(), result))
              .exceptionally(this::fail);
    }
  }

  private void ended(Taken record, String name, WatchResult result) {
    counters.ended(result);
    if (result instanceof WatchResult.Failed failed) {
      bury(record, "%s: %s: %s".formatted(failed.fault(), name, failed.reason()));
    } else {
      objectEnded(record);
    }
  }

  private void bury(Taken taken, String reason) {
    CompletableFuture<Void> unused =
        deadLetters
            .send(taken.record, reason)
            .thenAccept(
                written -> {
                  counters.deadLetters.increment();
                  objectEnded(taken);
                })
            .exceptionally(this::fail);
  }

  private @Nullable Void fail(Throwable failure) {
    onFatal.accept(failure);
    return null;
  }

  private void objectEnded(Taken taken) {
    if (taken.objects.decrementAndGet() == 0) {
      ends.add(() -> taken.offsets.end(taken.record.offset()));
    }
  }

  private void end() {
    for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
      end.run();
    }
  }

  private long lag() {
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      lag += consumer.currentLag(partition).orElse(0);
      PendingOffsets pending = partitions.get(partition);
      lag += pending == null ? 0 : pending.size();
    }
    return lag;
  }

  private Map<TopicPartition, OffsetAndMetadata> committable() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach(
        (partition, pending) -> {
          OptionalLong offset = pending.committable();
          if (offset.isPresent() && committed.getOrDefault(partition, -1L) < offset.getAsLong()) {
            offsets.put(partition, new OffsetAndMetadata(offset.getAsLong()));
          }
        });
    return offsets;
  }

  private void commit() {
    committedAtNanos = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> offsets = committable();
    if (offsets.isEmpty()) {
      return;
    }
    consumer.commitAsync(
        offsets,
        (tried, failure) -> {
          if (failure == null) {
            tried.forEach((partition, offset) -> committed.put(partition, offset.offset()));
          } else {
            // Tried again with the next one. What is done with meanwhile, by others, does no harm.
            log.debug("Offsets of {} were not committed", topic, failure);
          }
        });
  }

  /** Called while the consumer is polled, on the same thread. */
  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      end();
      try {
        consumer.commitSync(committable(), LAST_COMMIT);
      } catch (KafkaException uncommitted) {
        log.warn("Offsets of {} were not committed: {}", topic, uncommitted.getMessage());
      }
      drop(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      drop(lost);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      log.info("Following {}", assigned);
    }

    private void drop(Collection<TopicPartition> gone) {
      partitions.keySet().removeAll(gone);
      committed.keySet().removeAll(gone);
      waiting.removeIf(event -> gone.contains(event.partition()));
    }
  }

  /** Commits what is done with, and ends. For any thread. */
  @Override
  public void close() {
    // Seen soon, since no poll is long. To be woken up could end the last commit.
    closed = true;
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
