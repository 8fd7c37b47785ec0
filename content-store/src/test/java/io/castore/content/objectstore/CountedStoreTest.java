package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class CountedStoreTest {
  private static final ObjectBody BODY = ObjectBody.of(new byte[] {1, 2, 3});

  @Test
  void shouldCountWhatIsAsked() throws IOException {
    CountedStore store = new CountedStore(new MemoryObjectStore());
    store.probe();
    store.put("a", BODY);
    assertThat(store.putIfAbsent("a", BODY)).isFalse();
    assertThat(store.open("a")).isPresent();
    assertThat(store.readStart("a", 2)).isPresent();
    assertThat(store.open("b")).isEmpty();
    assertThat(store.stat("a")).isPresent();
    store.list("", object -> assertThat(object.size()).isEqualTo(3));
    store.delete("a");

    assertThat(Arrays.stream(StoreOperation.values()).map(store::count))
        .containsExactly(2L, 3L, 1L, 1L, 2L);
  }
}
