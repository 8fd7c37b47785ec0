package io.castore.pipeline.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Lets through what Kafka allows in the name of a topic, and leaves room for the rest of it. */
final class TopicPrefix implements ConfigDef.Validator {
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{0,128}");

  @Override
  public void ensureValid(String key, Object value) {
    if (!LEGAL.matcher(value.toString()).matches()) {
      throw new ConfigException(key, value, "Expected: " + this);
    }
  }

  @Override
  public String toString() {
    return "at most 128 ASCII letters, digits, `.`, `_` and `-`";
  }
}
