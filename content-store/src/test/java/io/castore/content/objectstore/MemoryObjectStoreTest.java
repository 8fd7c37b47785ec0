package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContractTest {
  @Override
  ObjectStore openEmpty() {
    return new MemoryObjectStore();
  }

  @Test
  void shouldNameItselfAsItWasOpened() {
    assertThat(store().url()).isEqualTo("memory:");
  }
}
