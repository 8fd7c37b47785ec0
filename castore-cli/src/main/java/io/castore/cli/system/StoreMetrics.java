package io.castore.cli.system;

import io.castore.content.objectstore.CountedStore;
import io.castore.content.objectstore.StoreOperation;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** What this process asks of the store: {@code castore.store.requests}. */
final class StoreMetrics {
  private StoreMetrics() {}

  /** Has a registry ask for it from now on. */
  static void bind(CountedStore store, MeterRegistry registry) {
    for (StoreOperation operation : StoreOperation.values()) {
      FunctionCounter.builder("castore.store.requests", store, counted -> counted.count(operation))
          .description("What was asked of the store")
          .tag("operation", operation.text())
          .register(registry);
    }
  }
}
