package io.castore.ingest;

import io.castore.pipeline.topics.Topic;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic, and who is told of its records.
 *
 * @param onRecord told of each record, on a thread that must not be held up
 */
record TopicFollower<K, V>(Topic<K, V> topic, BiConsumer<K, V> onRecord) {
  /**
   * Tells of a record, unless it has no key or no value.
   *
   * @throws org.apache.kafka.common.errors.SerializationException if its bytes are not what the
   *     topic holds
   */
  void tell(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null && record.value() != null) {
      onRecord.accept(
          topic.keys().deserializer().deserialize(topic.name(), record.key()),
          topic.values().deserializer().deserialize(topic.name(), record.value()));
    }
  }
}
