package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderNamesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path directory;
  private final FolderNames names = new FolderNames(Clock.fixed(NOW, ZoneOffset.UTC));
  private int reads;

  @Test
  void shouldReadADirectoryOnceThatIsAtRest() throws IOException {
    modifyAt(NOW.minusSeconds(3));

    assertThat(startingWith("a")).contains(set("a", "ab"));
    assertThat(startingWith("b")).contains(set("b"));
    assertThat(startingWith("ab")).contains(set("ab"));
    assertThat(startingWith("c")).contains(set());
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void shouldReadADirectoryAgainThatHasChanged() throws IOException {
    modifyAt(NOW.minusSeconds(3));
    assertThat(startingWith("a")).isPresent();
    modifyAt(NOW.minusSeconds(2));
    assertThat(startingWith("a")).isPresent();
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void shouldNotTrustATimeThatMayBeThatOfTheNextChange() throws IOException {
    modifyAt(NOW.minusSeconds(1));
    assertThat(startingWith("a")).contains(set("a", "ab"));
    assertThat(startingWith("a")).contains(set("a", "ab"));
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void shouldReadAnotherDirectory() throws IOException {
    modifyAt(NOW.minusSeconds(3));
    Path other = Files.createDirectory(directory.resolve("other"));
    modifyAt(NOW.minusSeconds(3));
    Files.setLastModifiedTime(other, FileTime.from(NOW.minusSeconds(3)));
    assertThat(startingWith("a")).isPresent();
    assertThat(names.startingWith(other, "x", sink -> sink.take("xy"))).contains(set("xy"));
    assertThat(startingWith("a")).contains(set("a", "ab"));
  }

  @Test
  void shouldHoldNoMoreNamesThanAreBounded() throws IOException {
    modifyAt(NOW.minusSeconds(3));
    int[] given = {0};
    Optional<NavigableSet<String>> found =
        names.startingWith(
            directory,
            "1",
            sink -> {
              while (sink.take(Integer.toString(given[0]))) {
                given[0]++;
              }
            });
    assertThat(found).isEmpty();
    assertThat(given[0]).isLessThan(1 << 18);
    assertThat(startingWith("a")).contains(set("a", "ab"));
  }

  @Test
  void shouldGiveNothingOfADirectoryThatIsNotThere() throws IOException {
    assertThat(names.startingWith(directory.resolve("gone"), "a", sink -> {})).contains(set());
  }

  private void modifyAt(Instant time) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(time));
  }

  private Optional<NavigableSet<String>> startingWith(String start) throws IOException {
    return names.startingWith(
        directory,
        start,
        sink -> {
          reads++;
          assertThat(sink.take("b")).isTrue();
          assertThat(sink.take("ab")).isTrue();
          assertThat(sink.take("a")).isTrue();
        });
  }

  private static NavigableSet<String> set(String... names) {
    return new TreeSet<>(List.of(names));
  }
}
