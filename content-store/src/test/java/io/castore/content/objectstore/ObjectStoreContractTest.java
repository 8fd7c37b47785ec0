package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. A subclass opens a store that is empty. */
abstract class ObjectStoreContractTest {
  private ObjectStore store;

  abstract ObjectStore openEmpty() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = openEmpty();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  final ObjectStore store() {
    return store;
  }

  @Test
  void shouldAnswerTheProbeWhenNothingIsWrong() throws IOException {
    store.probe();
  }

  @Test
  void shouldGiveBackWhatWasPut() throws IOException {
    store.put("chunks/b3/41f8/one", text("content"));

    assertThat(read("chunks/b3/41f8/one")).contains("content");
    assertThat(sizeOf(store, "chunks/b3/41f8/one")).hasValue(7);
  }

  @Test
  void shouldGiveTheFirstBytesOrAllOfAShorterObject() throws IOException {
    store.put("starts/content", text("content"));
    store.put("starts/empty", text(""));

    assertThat(store.readStart("starts/content", 4).orElseThrow()).asString().isEqualTo("cont");
    assertThat(store.readStart("starts/content", 7).orElseThrow()).asString().isEqualTo("content");
    assertThat(store.readStart("starts/content", 18).orElseThrow()).asString().isEqualTo("content");
    assertThat(store.readStart("starts/empty", 18).orElseThrow()).isEmpty();
    assertThat(store.readStart("starts/absent", 18)).isEmpty();
    assertThat(store.readStart("starts", 18)).isEmpty();
  }

  @Test
  void shouldReplaceWhenPutAgain() throws IOException {
    store.put("replaced", text("a longer first content"));
    store.put("replaced", text("second"));

    assertThat(read("replaced")).contains("second");
    assertThat(sizeOf(store, "replaced")).hasValue(6);
  }

  @Test
  void shouldHaveNothingWhereNothingWasPut() throws IOException {
    store.put("there/a", text("a"));

    assertThat(store.open("absent")).isEmpty();
    assertThat(store.open("there/b")).isEmpty();
    assertThat(store.open("there")).isEmpty();
    assertThat(store.stat("absent")).isEmpty();
    assertThat(store.stat("there")).isEmpty();
  }

  @Test
  void shouldKeepAnEmptyObject() throws IOException {
    store.put("empty", text(""));
    assertThat(store.putIfAbsent("also-empty", text(""))).isTrue();

    assertThat(read("empty")).contains("");
    assertThat(sizeOf(store, "empty")).hasValue(0);
    assertThat(sizeOf(store, "also-empty")).hasValue(0);
  }

  @Test
  void shouldKeepPartOfAnArray() throws IOException {
    byte[] bytes = "before content after".getBytes(StandardCharsets.US_ASCII);
    store.put("part", ObjectBody.of(bytes, 7, 7));

    assertThat(read("part")).contains("content");
  }

  @Test
  void shouldNotReplaceWhenPutIfAbsentMeetsAnObject() throws IOException {
    assertThat(store.putIfAbsent("b/once", text("first"))).isTrue();
    assertThat(store.putIfAbsent("b/once", text("second"))).isFalse();
    store.put("b/once", text("third"));
    assertThat(store.putIfAbsent("b/once", text("fourth"))).isFalse();

    assertThat(read("b/once")).contains("third");
  }

  @Test
  void shouldLetOneOfManyWriteWhenTheyRace() throws Exception {
    int writers = 16;
    int size = 64 * 1024;
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      GeneratedBody body = new GeneratedBody(size, size, writer);
      tasks.add(
          () -> {
            start.await();
            boolean wrote = store.putIfAbsent("races/one", body);
            // Whoever won, the object is there now, and whole.
            assertThat(isOneOf("races/one", size, writers)).isTrue();
            return wrote;
          });
    }
    tasks.add(
        () -> {
          start.await();
          for (int look = 0; look < 50; look++) {
            Optional<ObjectInfo> seen = store.stat("races/one");
            if (seen.isPresent()) {
              assertThat(seen.get().size()).isEqualTo(size);
              assertThat(isOneOf("races/one", size, writers)).isTrue();
            }
          }
          return false;
        });

    List<Boolean> wrote = runTogether(tasks, start);

    assertThat(wrote).containsOnlyOnce(true);
  }

  @Test
  void shouldShowOneOfTwoWholeObjectsWhenReplacedWhileRead() throws Exception {
    int size = 100_000;
    store.put("replaced/often", new GeneratedBody(size, size, 0));
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 2; writer++) {
      GeneratedBody body = new GeneratedBody(size, size, writer);
      tasks.add(
          () -> {
            start.await();
            for (int i = 0; i < 20; i++) {
              store.put("replaced/often", body);
            }
            return true;
          });
      tasks.add(
          () -> {
            start.await();
            for (int i = 0; i < 20; i++) {
              assertThat(isOneOf("replaced/often", size, 2)).isTrue();
            }
            return true;
          });
    }

    assertThat(runTogether(tasks, start)).containsOnly(true);
  }

  @Test
  void shouldListByPrefixWhenItEndsWithinAPart() throws IOException {
    for (String key : List.of("a", "b/1", "b/12", "b/2/x", "b/2/y", "ba", "bb/1", "c")) {
      store.put(key, text(key));
    }

    assertThat(list("")).containsOnlyOnce("a", "b/1", "b/12", "b/2/x", "b/2/y", "ba", "bb/1", "c");
    assertThat(list("b")).containsExactlyInAnyOrder("b/1", "b/12", "b/2/x", "b/2/y", "ba", "bb/1");
    assertThat(list("b/")).containsExactlyInAnyOrder("b/1", "b/12", "b/2/x", "b/2/y");
    assertThat(list("b/1")).containsExactlyInAnyOrder("b/1", "b/12");
    assertThat(list("b/2/")).containsExactlyInAnyOrder("b/2/x", "b/2/y");
    assertThat(list("b/2/x")).containsExactly("b/2/x");
    assertThat(list("a/")).isEmpty();
    assertThat(list("none/at/all/")).isEmpty();
  }

  @Test
  void shouldTellSizesWhenListing() throws IOException {
    store.put("sizes/3", text("abc"));
    store.put("sizes/0", text(""));
    List<ObjectInfo> seen = new ArrayList<>();

    store.list("sizes/", seen::add);

    assertThat(seen)
        .extracting(ObjectInfo::key, ObjectInfo::size)
        .containsExactlyInAnyOrder(tuple("sizes/3", 3L), tuple("sizes/0", 0L));
  }

  @Test
  void shouldTellWhenAnObjectWasWritten() throws IOException {
    // A store may know no more than the second, and has a clock of its own.
    Duration slack = Duration.ofSeconds(5);
    Instant before = Instant.now().minus(slack);
    store.put("times/a", text("a"));
    Instant after = Instant.now().plus(slack);
    List<Instant> seen = new ArrayList<>();

    store.list("times/", object -> seen.add(object.modifiedAt()));
    seen.add(store.stat("times/a").orElseThrow().modifiedAt());

    assertThat(seen).hasSize(2).allMatch(time -> time.isAfter(before) && time.isBefore(after));
  }

  @Test
  void shouldRemoveWhatIsDeletedAndNothingElse() throws IOException {
    store.put("removed/a", text("a"));
    store.put("removed/ab", text("ab"));

    store.delete("removed/a");

    assertThat(store.open("removed/a")).isEmpty();
    assertThat(store.stat("removed/a")).isEmpty();
    assertThat(list("")).containsExactly("removed/ab");
    assertThat(read("removed/ab")).contains("ab");
  }

  @Test
  void shouldDeleteInPeaceWhereThereIsNoObject() throws IOException {
    store.put("removed/a", text("a"));

    store.delete("removed/a");
    store.delete("removed/a");
    store.delete("removed");
    store.delete("never/there");

    assertThat(list("")).isEmpty();
  }

  @Test
  void shouldLeaveWhatLiesBelowAKeyThatIsDeleted() throws IOException {
    store.put("below/a", text("a"));

    store.delete("below");

    assertThat(list("")).containsExactly("below/a");
  }

  @Test
  void shouldTakeAnObjectAgainWhenItWasDeleted() throws IOException {
    assertThat(store.putIfAbsent("again/a", text("first"))).isTrue();
    store.delete("again/a");

    assertThat(store.putIfAbsent("again/a", text("second"))).isTrue();
    assertThat(read("again/a")).contains("second");
    store.delete("again/a");
    store.put("again/a", text("third"));
    assertThat(read("again/a")).contains("third");
  }

  @Test
  void shouldListEachOnceWhenThereAreMoreThanAPage() throws Exception {
    int count = 1_050;
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 8; writer++) {
      int first = writer;
      tasks.add(
          () -> {
            start.await();
            for (int i = first; i < count; i += 8) {
              store.put("many/" + i % 7 + "/" + i, text("x"));
            }
            return true;
          });
    }
    runTogether(tasks, start);

    assertThat(list("many/"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, count).mapToObj(i -> "many/" + i % 7 + "/" + i).toList());
  }

  @Test
  void shouldEndTheListingWhenTheVisitorFails() throws IOException {
    store.put("visited/1", text("1"));
    store.put("visited/2", text("2"));
    IOException mine = new java.nio.file.NoSuchFileException("of the visitor");
    List<ObjectInfo> seen = new ArrayList<>();

    assertThatThrownBy(
            () ->
                store.list(
                    "visited/",
                    object -> {
                      seen.add(object);
                      throw mine;
                    }))
        .isSameAs(mine);
    assertThat(seen).hasSize(1);
  }

  @Test
  void shouldKeepALargeBodyThatComesAsAStream() throws IOException {
    GeneratedBody body = GeneratedBody.of((20 << 20) + 17);

    store.put("large/replaced", GeneratedBody.of(9 << 20));
    store.put("large/replaced", body);
    assertThat(store.putIfAbsent("large/once", body)).isTrue();
    assertThat(store.putIfAbsent("large/once", GeneratedBody.of(9 << 20))).isFalse();

    for (String key : List.of("large/replaced", "large/once")) {
      assertThat(sizeOf(store, key)).hasValue(body.size());
      try (InputStream stream = store.open(key).orElseThrow()) {
        assertThat(body.matches(stream)).isTrue();
      }
    }
  }

  @Test
  void shouldLeaveNothingWhenTheBodyCannotBeOpened() throws IOException {
    IOException mine = new IOException("of the body");
    ObjectBody body =
        new ObjectBody() {
          @Override
          public long size() {
            return 4;
          }

          @Override
          public InputStream open() throws IOException {
            throw mine;
          }
        };

    assertThatThrownBy(() -> store.put("unopened", body)).isSameAs(mine);
    assertThatThrownBy(() -> store.putIfAbsent("unopened", body)).isSameAs(mine);

    assertThat(list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1_000, 128 * 1024, 9 << 20})
  void shouldLeaveNothingWhenTheBodyHasAnotherSize(long size) throws IOException {
    for (long given : new long[] {size - 1, size + 1}) {
      ObjectBody body = new GeneratedBody(size, given, 0);

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.put("cut", body))
          .withMessageContaining("body of cut")
          .withMessageContaining("expected: " + size);
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.putIfAbsent("cut", body));
    }

    assertThat(list("")).isEmpty();
    assertThat(store.open("cut")).isEmpty();
  }

  @Test
  void shouldKeepWhatWasThereWhenTheBodyFails() throws IOException {
    store.put("kept", text("good"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.put("kept", new GeneratedBody(10, 9, 0)));

    assertThat(read("kept")).contains("good");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/./b",
        "a/../../b",
        "a b",
        "ä",
        "a\\b",
        "a\u0000b",
        "tmp~/x",
        "a#1",
        "a\n"
      })
  void shouldRefuseAKeyThatIsNotLegal(String key) {
    for (ThrowingCall call :
        List.<ThrowingCall>of(
            () -> store.put(key, text("")),
            () -> store.putIfAbsent(key, text("")),
            () -> store.open(key),
            () -> store.stat(key),
            () -> store.delete(key))) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(call::run)
          .withMessageStartingWith("object key: \"" + key + "\" (expected: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "a//", "../", "a/../b", "a b", "tmp~"})
  void shouldRefuseAPrefixThatStartsNoKey(String prefix) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> store.list(prefix, object -> {}))
        .withMessageStartingWith("prefix of object keys: \"" + prefix + "\" (expected: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "A.b-c_9", "...", ".hidden", "a.", "a/.../b", "castore-streams.json"})
  void shouldTakeAnyLegalKey(String key) throws IOException {
    store.put(key, text(key));

    assertThat(read(key)).contains(key);
    assertThat(list("")).containsExactly(key);
  }

  private boolean isOneOf(String key, int size, int seeds) throws IOException {
    byte[] read;
    try (InputStream stream = store.open(key).orElseThrow()) {
      read = stream.readAllBytes();
    }
    for (int seed = 0; seed < seeds; seed++) {
      GeneratedBody body = new GeneratedBody(size, size, seed);
      if (body.matches(new java.io.ByteArrayInputStream(read))) {
        return true;
      }
    }
    return false;
  }

  static List<Boolean> runTogether(List<Callable<Boolean>> tasks, CountDownLatch start)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (Callable<Boolean> task : tasks) {
        results.add(threads.submit(task));
      }
      start.countDown();
      List<Boolean> values = new ArrayList<>();
      for (Future<Boolean> result : results) {
        values.add(result.get());
      }
      return values;
    } finally {
      threads.shutdownNow();
    }
  }

  static OptionalLong sizeOf(ObjectStore store, String key) throws IOException {
    Optional<ObjectInfo> object = store.stat(key);
    object.ifPresent(info -> assertThat(info.key()).isEqualTo(key));
    return object.map(info -> OptionalLong.of(info.size())).orElseGet(OptionalLong::empty);
  }

  final List<String> list(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    store.list(prefix, object -> keys.add(object.key()));
    return keys;
  }

  final Optional<String> read(String key) throws IOException {
    Optional<InputStream> opened = store.open(key);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream stream = opened.get()) {
      return Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static ObjectBody text(String text) {
    return ObjectBody.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @FunctionalInterface
  private interface ThrowingCall {
    void run() throws IOException;
  }
}
