package io.castore.gc.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.gc.RootRules;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.RootRule;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic of root rules. */
final class KafkaRootRules implements RootRules, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaRootRules.class);

  private final Topic<Digest, RootRule> topic;
  private final TopicScan<byte[], byte[]> scan;
  private final KafkaProducer<Digest, RootRule> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  KafkaRootRules(CastoreConfig config) {
    topic = config.topics().roots();
    scan = TopicScan.open(config, topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.putAll(config.kafkaClient());
    producer =
        new KafkaProducer<>(settings, topic.keys().serializer(), topic.values().serializer());
  }

  @Override
  public void read(Visitor visitor) throws IOException {
    scan.<IOException>readAll(
        record -> {
          byte[] key = record.key();
          if (key == null || key.length != Digest.LENGTH) {
            log.warn(
                "Passing over a root rule at offset {}: its key is no digest", record.offset());
            return;
          }
          visitor.visit(Digest.of(key), parse(record.value()));
        });
  }

  private static @Nullable RootRule parse(byte @Nullable [] value) throws IOException {
    if (value == null) {
      return null;
    }
    try {
      return RootRule.parseFrom(value);
    } catch (InvalidProtocolBufferException unreadable) {
      // The blob has no rule that anybody knows, and so is kept.
      log.warn("Passing over a root rule that cannot be read", unreadable);
      return null;
    }
  }

  @Override
  @SuppressWarnings("NullAway") // a record without a value is how a compacted topic forgets a key
  public void write(Digest blob, @Nullable RootRule rule) {
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic.name(), blob, rule),
            (at, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              }
            });
  }

  @Override
  public void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new KafkaException("cannot write to topic " + topic + ": " + failed, failed);
    }
  }

  @Override
  public void close() {
    scan.close();
    producer.close();
  }
}
