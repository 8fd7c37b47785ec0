package io.castore.pipeline.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Lets through numbers of replicas, and -1 for the broker's default. */
final class ReplicationFactor implements ConfigDef.Validator {
  @Override
  public void ensureValid(String key, Object value) {
    short replicas = ((Number) value).shortValue();
    if (replicas != -1 && replicas < 1) {
      throw new ConfigException(key, value, "Expected: " + this);
    }
  }

  @Override
  public String toString() {
    return "-1, or 1 and more";
  }
}
