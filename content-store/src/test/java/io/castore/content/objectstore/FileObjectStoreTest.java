package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContractTest {
  @TempDir private Path directory;

  @Override
  ObjectStore openEmpty() {
    return FileObjectStore.open(new StoreUrl.Directory(root()));
  }

  private Path root() {
    return directory.resolve("some/new/store");
  }

  @Test
  void shouldNameItselfAsItWasOpened() {
    assertThat(store().url()).isEqualTo("file://" + root());
  }

  @Test
  void shouldKeepAnObjectAsAFileAtItsKey() throws IOException {
    store().put("chunks/b3/41f8/one", text("content"));

    assertThat(root().resolve("chunks/b3/41f8/one")).hasContent("content");
  }

  @Test
  void shouldMakeNothingWhenOnlyRead() throws IOException {
    store().probe();
    assertThat(store().open("a")).isEmpty();
    assertThat(list("")).isEmpty();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldLeaveNoTemporaryFilesBehind() throws IOException {
    store().put("a", text("a"));
    store().putIfAbsent("a", text("b"));
    store().putIfAbsent("b", text("b"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store().put("c", new GeneratedBody(10, 5, 0)));

    assertThat(root().resolve("tmp~")).isEmptyDirectory();
  }

  @Test
  void shouldLeaveADirectoryThatIsEmptyWhenItsKeyIsDeleted() throws IOException {
    store().put("a/b", text("b"));
    store().delete("a/b");

    store().delete("a");

    assertThat(root().resolve("a")).isEmptyDirectory();
    store().put("a/b", text("again"));
    assertThat(read("a/b")).contains("again");
  }

  @Test
  void shouldWriteUnderATemporaryNameInTheStoreItself() throws IOException {
    ObjectBody looking =
        new ObjectBody() {
          @Override
          public long size() {
            return 300_000;
          }

          @Override
          public InputStream open() {
            InputStream bytes = GeneratedBody.of(300_000).open();
            return new InputStream() {
              private int read;

              @Override
              public int read() throws IOException {
                return bytes.read();
              }

              @Override
              public int read(byte[] target, int offset, int length) throws IOException {
                if (read > 0) {
                  // What a process that is killed now would leave.
                  assertThat(list("")).isEmpty();
                  assertThat(store().open("half")).isEmpty();
                  assertThat(filesIn(root().resolve("tmp~"))).hasSize(1);
                }
                int count = bytes.read(target, offset, length);
                read += count;
                return count;
              }
            };
          }
        };

    store().put("half", looking);

    assertThat(sizeOf(store(), "half")).hasValue(300_000);
  }

  @Test
  void shouldRemoveAbandonedTemporaryFilesWhenOpened() throws IOException {
    store().put("a", text("a"));
    Path temporaries = root().resolve("tmp~");
    Path abandoned = Files.writeString(temporaries.resolve("of-a-killed-process"), "x");
    Path living = Files.writeString(temporaries.resolve("of-a-living-process"), "x");
    Instant now = Instant.parse("2026-01-10T12:00:00Z");
    Files.setLastModifiedTime(abandoned, FileTime.from(now.minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(living, FileTime.from(now.minus(Duration.ofHours(23))));

    FileObjectStore.open(new StoreUrl.Directory(root()), Clock.fixed(now, ZoneOffset.UTC)).close();

    assertThat(filesIn(temporaries)).containsExactly(living);
    assertThat(read("a")).contains("a");
  }

  @Test
  void shouldListNothingThatIsNoKey() throws IOException {
    store().put("a/b", text("b"));
    Files.createDirectories(root().resolve("lost+found/a"));
    Files.writeString(root().resolve("lost+found/a/b"), "not ours");
    Files.writeString(root().resolve("a/c#1"), "half of another program's object");
    Files.writeString(root().resolve("tmp~/c"), "half of ours");

    assertThat(list("")).containsExactly("a/b");
  }

  @Test
  void shouldWriteAgainWhenItsDirectoriesWereRemoved() throws IOException {
    store().put("chunks/b3/41f8/one", text("content"));
    try (Stream<Path> all = Files.walk(root())) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }

    store().put("chunks/b3/41f8/one", text("content"));
    assertThat(store().putIfAbsent("chunks/b3/41f8/two", text("content"))).isTrue();

    assertThat(list("chunks/")).hasSize(2);
  }

  @Test
  void shouldShareTheDirectoryWithOtherStores() throws IOException {
    try (ObjectStore other = openEmpty()) {
      assertThat(store().putIfAbsent("a", text("mine"))).isTrue();
      assertThat(other.putIfAbsent("a", text("theirs"))).isFalse();
      other.put("b", text("theirs"));
    }

    assertThat(read("a")).contains("mine");
    assertThat(read("b")).contains("theirs");
  }

  @Test
  void shouldRefuseWhenItsPlaceIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");

    for (Path place : List.of(file, file.resolve("below"), file.resolve("far/below"))) {
      try (ObjectStore refused = FileObjectStore.open(new StoreUrl.Directory(place))) {
        String message = file + " is a file (expected: a directory, or nothing)";
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(refused::probe)
            .withMessageContaining(message);
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.put("a", text("a")))
            .withMessageContaining(message)
            .withMessageStartingWith("file://" + place + ": ");
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.putIfAbsent("a", text("a")))
            .withMessageContaining(message);
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.open("a"))
            .withMessageContaining(message);
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.list("", object -> {}))
            .withMessageContaining(message);
      }
    }
  }

  @Test
  void shouldHaveNothingBelowAnObject() throws IOException {
    store().put("a", text("a"));

    assertThat(store().open("a/b")).isEmpty();
    assertThat(store().stat("a/b/c")).isEmpty();
    assertThat(list("a/")).isEmpty();
  }

  @Test
  void shouldRefuseAKeyThatIsAnotherKeysDirectory() throws IOException {
    store().put("a/b", text("b"));
    store().put("c", text("c"));

    assertThatExceptionOfType(StoreRefusedException.class)
        .isThrownBy(() -> store().put("a", text("a")))
        .withMessageContaining(root().resolve("a") + " is a directory");
    assertThatExceptionOfType(StoreRefusedException.class)
        .isThrownBy(() -> store().putIfAbsent("a", text("a")))
        .withMessageContaining(root().resolve("a") + " is a directory");
    assertThatExceptionOfType(StoreRefusedException.class)
        .isThrownBy(() -> store().put("c/d", text("d")))
        .withMessageContaining(root().resolve("c") + " is a file");
    assertThatExceptionOfType(StoreRefusedException.class)
        .isThrownBy(() -> store().putIfAbsent("c/d", text("d")))
        .withMessageContaining(root().resolve("c") + " is a file");
    assertThat(list("")).containsExactlyInAnyOrder("a/b", "c");
  }

  @Test
  void shouldRefuseWhenTheNameIsTooLongForTheFileSystem() {
    String key = "a".repeat(300);

    assertThatExceptionOfType(StoreRefusedException.class)
        .isThrownBy(() -> store().put(key, text("a")))
        .withMessageContaining("too long");
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
