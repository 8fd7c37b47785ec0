package io.castore.pipeline.topics;

import org.apache.kafka.common.serialization.Serde;

/**
 * A topic and what its records are.
 *
 * @param name its name in Kafka, with the prefix
 * @param keys how its keys become bytes
 * @param values how its values become bytes
 */
public record Topic<K, V>(String name, Serde<K> keys, Serde<V> values) {
  @Override
  public String toString() {
    return name;
  }
}
