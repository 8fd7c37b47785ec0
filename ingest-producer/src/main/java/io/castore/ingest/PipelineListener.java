package io.castore.ingest;

import io.castore.pipeline.config.CastoreConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics from the moment of its opening on, with one consumer and on a thread of its own. A
 * record that is not what its topic holds is passed over.
 *
 * <p>Safe for use by many threads.
 */
final class PipelineListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PipelineListener.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, TopicFollower<?, ?>> followers;
  private final Consumer<RuntimeException> onFailure;
  private final Thread thread = new Thread(this::run, "pipeline-listener");
  private volatile boolean closed;

  private PipelineListener(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicFollower<?, ?>> followers,
      Consumer<RuntimeException> onFailure) {
    this.consumer = consumer;
    this.followers =
        followers.stream()
            .collect(Collectors.toMap(follower -> follower.topic().name(), Function.identity()));
    this.onFailure = onFailure;
  }

  /**
   * Opens it: every record that is written after this call is heard.
   *
   * @param followers the topics, each once
   * @param onFailure told, at most once, when no more can be heard
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  static PipelineListener open(
      CastoreConfig config,
      List<TopicFollower<?, ?>> followers,
      Consumer<RuntimeException> onFailure) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            config.kafkaClient(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    PipelineListener listener = new PipelineListener(consumer, followers, onFailure);
    try {
      listener.seekToEnd();
    } catch (RuntimeException unreachable) {
      consumer.close();
      throw unreachable;
    }
    listener.thread.setDaemon(true);
    listener.thread.start();
    return listener;
  }

  private void seekToEnd() {
    List<TopicPartition> partitions =
        followers.keySet().stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // A seek takes place when the position is asked for, and "the end" has to be that of now.
    partitions.forEach(consumer::position);
  }

  private void run() {
    try {
      while (!closed) {
        consumer.poll(POLL).forEach(this::tell);
      }
    } catch (WakeupException woken) {
      // By close(), so there is nothing more to do.
    } catch (RuntimeException failure) {
      if (!closed) {
        onFailure.accept(failure);
      }
    } finally {
      // Not to wait for the answer to the fetch that is under way, which takes half a second.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private void tell(ConsumerRecord<byte[], byte[]> record) {
    TopicFollower<?, ?> follower = followers.get(record.topic());
    if (follower == null) {
      return;
    }
    try {
      follower.tell(record);
    } catch (SerializationException unparsable) {
      log.warn(
          "Passed over a record that cannot be read: {}-{} at {}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          unparsable.getMessage());
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
