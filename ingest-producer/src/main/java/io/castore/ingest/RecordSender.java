package io.castore.ingest;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.pipeline.topics.MessageLimits;
import io.castore.pipeline.topics.Topic;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends typed records through one Kafka producer, whose buffer is the only memory that records on
 * their way take: a sender waits while it is full.
 *
 * <p>Safe for use by many threads.
 */
final class RecordSender implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;

  /** Takes over a producer. */
  RecordSender(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static RecordSender open(CastoreConfig config) {
    MessageLimits limits = config.messageLimits();
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, limits.producerBatchBytes());
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limits.producerMaxRequestBytes());
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.ingestBufferBytes());
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    // Chunks are zstd frames already.
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.ingestStallTimeout().toMillis());
    settings.putAll(config.kafkaClient());
    return new RecordSender(
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /**
   * Sends a record, after waiting for room in the buffer.
   *
   * @param callback told when the record is acknowledged, or given up, on a thread that must not be
   *     held up
   */
  <K, V> void send(Topic<K, V> topic, K key, V value, Callback callback) {
    send(topic, key, value, Span.getInvalid(), callback);
  }

  /** Does the same for a record that belongs to a trace. */
  <K, V> void send(Topic<K, V> topic, K key, V value, Span trace, Callback callback) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.name(),
            topic.keys().serializer().serialize(topic.name(), key),
            topic.values().serializer().serialize(topic.name(), value));
    Tracing.addTo(record.headers(), trace);
    // The callback tells what the future would.
    Future<RecordMetadata> unused = producer.send(record, callback);
  }

  /** Gives what the producer tells of itself now. */
  Map<MetricName, ? extends Metric> metrics() {
    return producer.metrics();
  }

  /** Sends what is in the buffer, for so long, and gives the rest up. */
  void close(Duration timeout) {
    producer.close(timeout);
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(30));
  }
}
