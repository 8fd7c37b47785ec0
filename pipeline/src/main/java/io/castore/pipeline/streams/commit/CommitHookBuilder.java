package io.castore.pipeline.streams.commit;

import java.util.Map;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Makes the hook of each task. It has neither a changelog nor a cache of Kafka's, whatever is asked
 * for.
 */
record CommitHookBuilder(String name) implements StoreBuilder<CommitHook> {
  @Override
  public CommitHook build() {
    return new CommitHook(name);
  }

  @Override
  public StoreBuilder<CommitHook> withCachingEnabled() {
    return this;
  }

  @Override
  public StoreBuilder<CommitHook> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<CommitHook> withLoggingEnabled(Map<String, String> config) {
    return this;
  }

  @Override
  public StoreBuilder<CommitHook> withLoggingDisabled() {
    return this;
  }

  @Override
  public Map<String, String> logConfig() {
    return Map.of();
  }

  @Override
  public boolean loggingEnabled() {
    return false;
  }
}
