package io.castore.feeds.watch;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events at fault to the dead letter queue, as they came, with headers that say why.
 *
 * <p>Safe for use by many threads.
 */
final class EventDeadLetters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventDeadLetters.class);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final String queue;
  private final Producer<byte[], byte[]> producer;

  private EventDeadLetters(String queue, Producer<byte[], byte[]> producer) {
    this.queue = queue;
    this.producer = producer;
  }

  static EventDeadLetters open(CastoreConfig config) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.messageLimits().producerMaxRequestBytes());
    settings.putAll(config.kafkaClient());
    return new EventDeadLetters(
        config.topics().eventsDlq().name(),
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /**
   * Writes a record.
   *
   * @return completed when Kafka has it, or exceptionally when it cannot be written
   */
  CompletableFuture<Void> send(ConsumerRecord<byte[], byte[]> record, String reason) {
    log.warn(
        "Record at offset {} of {}-{} goes to the dead letter queue: {}",
        record.offset(),
        record.topic(),
        record.partition(),
        reason);
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            queue, null, record.timestamp(), record.key(), record.value(), record.headers());
    add(letter, DeadLetters.REASON, reason);
    add(letter, DeadLetters.TOPIC, record.topic());
    add(letter, DeadLetters.PARTITION, Integer.toString(record.partition()));
    add(letter, DeadLetters.OFFSET, Long.toString(record.offset()));
    CompletableFuture<Void> written = new CompletableFuture<>();
    // The callback tells what the future would.
    Future<RecordMetadata> unused =
        producer.send(letter, (at, failure) -> tell(record, written, failure));
    return written;
  }

  private void tell(
      ConsumerRecord<byte[], byte[]> record,
      CompletableFuture<Void> written,
      @Nullable Exception failure) {
    if (failure == null) {
      written.complete(null);
    } else if (failure instanceof RecordTooLargeException) {
      log.error(
          "The record at offset {} of {}-{} is too large for {} and stays only where it is",
          record.offset(),
          record.topic(),
          record.partition(),
          queue);
      written.complete(null);
    } else {
      written.completeExceptionally(failure);
    }
  }

  private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
    letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
