package io.castore.pipeline.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchStoreTest {
  @TempDir private Path directory;

  @Test
  void shouldForgetEverythingWhenClosed() throws IOException {
    Path parent = directory.resolve("made/on/the/way");
    try (ScratchStore first = ScratchStore.open(parent);
        ScratchStore second = ScratchStore.open(parent)) {
      first.put(bytes(1), bytes(2));

      assertThat(first.get(bytes(1))).hasValue(bytes(2));
      assertThat(second.contains(bytes(1))).isFalse();
      assertThat(parent).isNotEmptyDirectory();
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Property(tries = 20)
  void shouldBeASortedMap(@ForAll @Size(max = 50) List<@Size(min = 1, max = 3) byte[]> keys)
      throws IOException {
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    try (ScratchStore store = ScratchStore.open(Path.of("target", "scratch"))) {
      for (int i = 0; i < keys.size(); i++) {
        if (i % 3 == 2) {
          store.remove(keys.get(i - 1));
          model.remove(keys.get(i - 1));
        }
        store.put(keys.get(i), bytes(i));
        model.put(keys.get(i), bytes(i));
      }

      assertThat(entries(store, new byte[0])).isEqualTo(texts(model));
      for (byte[] key : keys) {
        byte[] prefix = {key[0]};
        assertThat(store.contains(key)).isEqualTo(model.containsKey(key));
        assertThat(entries(store, prefix).keySet())
            .isEqualTo(
                texts(model).keySet().stream()
                    .filter(
                        text ->
                            text.startsWith("[" + key[0] + ",") || text.equals("[" + key[0] + "]"))
                    .collect(Collectors.toSet()));
      }
    }
  }

  private static Map<String, String> entries(ScratchStore store, byte[] prefix) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    store.visit(prefix, (key, value) -> entries.put(Arrays.toString(key), Arrays.toString(value)));
    return entries;
  }

  private static Map<String, String> texts(Map<byte[], byte[]> model) {
    Map<String, String> texts = new LinkedHashMap<>();
    model.forEach((key, value) -> texts.put(Arrays.toString(key), Arrays.toString(value)));
    return texts;
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }
}
