package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContractTest {
  @Override
  ObjectStore openEmpty() {
    return new MemoryObjectStore();
  }

  @Test
  void shouldTellTheTimeOfItsClock() throws IOException {
    Instant now = Instant.parse("2026-01-10T12:00:00Z");
    ObjectStore store = new MemoryObjectStore(Clock.fixed(now, ZoneOffset.UTC));

    store.put("a", text("a"));

    assertThat(store.stat("a").orElseThrow().modifiedAt()).isEqualTo(now);
  }

  @Test
  void shouldNameItselfAsItWasOpened() {
    assertThat(store().url()).isEqualTo("memory:");
  }
}
