package io.castore.pipeline.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void shouldBeASortedMapInMemoryAndOnDisk(
      @ForAll @Size(max = 50) List<@Size(min = 1, max = 3) byte[]> keys,
      @ForAll @LongRange(max = 5_000) long mostBytesInMemory)
      throws IOException {
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    try (ScratchStore store = ScratchStore.open(Path.of("target", "scratch"), mostBytesInMemory)) {
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

  @Test
  void shouldLoseNothingOfThoseWhoWriteWhileItGoesToDisk() throws Exception {
    int writers = 4;
    int entriesOfEach = 2_000;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (ScratchStore store = ScratchStore.open(directory, 200_000)) {
      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        byte first = (byte) writer;
        writing.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < entriesOfEach; i++) {
                    store.put(key(first, i), bytes(i));
                    if (i % 2 == 1) {
                      store.remove(key(first, i - 1));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writing) {
        writer.get(1, TimeUnit.MINUTES);
      }

      for (int writer = 0; writer < writers; writer++) {
        assertThat(entries(store, bytes(writer))).hasSize(entriesOfEach / 2);
        assertThat(store.get(key((byte) writer, 1))).hasValue(bytes(1));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest(name = "{0} bytes in memory")
  @ValueSource(longs = {0, 1 << 20})
  void shouldVisitWhatWasThereWhenTheVisitBegan(long mostBytesInMemory) throws IOException {
    try (ScratchStore store = ScratchStore.open(directory, mostBytesInMemory)) {
      store.put(bytes(1), bytes(1));
      store.put(bytes(2), bytes(2));
      List<String> visited = new ArrayList<>();

      store.<IOException>visit(
          new byte[0],
          (key, value) -> {
            visited.add(Arrays.toString(key));
            store.remove(bytes(2));
            store.put(bytes(3), bytes(3));
          });

      assertThat(visited).containsExactly("[1]", "[2]");
      assertThat(entries(store, new byte[0])).containsOnlyKeys("[1]", "[3]");
    }
  }

  private static byte[] key(byte first, int number) {
    return new byte[] {first, (byte) (number >> 8), (byte) number};
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
