package io.castore.ingest;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the statuses of uploads from the moment of its opening on, on a thread of its own.
 *
 * <p>Safe for use by many threads.
 */
final class UploadStatusListener implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final KafkaConsumer<UploadId, UploadStatus> consumer;
  private final BiConsumer<UploadId, UploadStatus> onStatus;
  private final Consumer<RuntimeException> onFailure;
  private final Thread thread = new Thread(this::run, "upload-status");
  private volatile boolean closed;

  private UploadStatusListener(
      KafkaConsumer<UploadId, UploadStatus> consumer,
      BiConsumer<UploadId, UploadStatus> onStatus,
      Consumer<RuntimeException> onFailure) {
    this.consumer = consumer;
    this.onStatus = onStatus;
    this.onFailure = onFailure;
  }

  /**
   * Opens it: every status that is written after this call is heard.
   *
   * @param onStatus told of each status, on the listener's thread
   * @param onFailure told, at most once, when no more can be heard
   */
  static UploadStatusListener open(
      CastoreConfig config,
      BiConsumer<UploadId, UploadStatus> onStatus,
      Consumer<RuntimeException> onFailure) {
    Topic<UploadId, UploadStatus> topic = config.topics().uploadStatus();
    KafkaConsumer<UploadId, UploadStatus> consumer =
        new KafkaConsumer<>(
            config.kafkaClient(), topic.keys().deserializer(), topic.values().deserializer());
    try {
      seekToEnd(consumer, topic);
    } catch (RuntimeException unreachable) {
      consumer.close();
      throw unreachable;
    }
    UploadStatusListener listener = new UploadStatusListener(consumer, onStatus, onFailure);
    listener.thread.setDaemon(true);
    listener.thread.start();
    return listener;
  }

  private static void seekToEnd(
      KafkaConsumer<UploadId, UploadStatus> consumer, Topic<UploadId, UploadStatus> topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // A seek takes place when the position is asked for, and "the end" has to be that of now.
    partitions.forEach(consumer::position);
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        ConsumerRecords<UploadId, UploadStatus> statuses = consumer.poll(POLL);
        for (ConsumerRecord<UploadId, UploadStatus> status : statuses) {
          onStatus.accept(status.key(), status.value());
        }
      }
    } catch (WakeupException woken) {
      // By close(), so there is nothing more to do.
    } catch (RuntimeException failure) {
      if (!closed) {
        onFailure.accept(failure);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
