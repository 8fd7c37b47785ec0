package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenParentsTest {
  private static final int MOST_KEPT = 32;

  private final OpenParents parents = new OpenParents();
  private final List<FakeDirectory> opened = new ArrayList<>();

  @Test
  void shouldOpenDirectoryOnceAndKeepItForTheNextUser() throws IOException {
    parents.take(names("a", "b"), this::openHeld).close();
    try (OpenParents.Lease again = parents.take(names("a", "b"), this::openHeld)) {
      assertThat(again.directory()).isSameAs(opened.get(0));
    }
    assertThat(opened).singleElement().matches(directory -> directory.closed == 0);
  }

  @Test
  void shouldTellDirectoriesApartByAllTheirNames() throws IOException {
    parents.take(names("a", "b"), this::openHeld).close();
    parents.take(names("a"), this::openHeld).close();
    parents.take(names("b"), this::openHeld).close();
    assertThat(opened).hasSize(3);
  }

  @Test
  void shouldNotKeepDirectoryThatIsNotHeld() throws IOException {
    for (int i = 0; i < 2; i++) {
      parents.take(names("a"), path -> open(false)).close();
    }
    assertThat(opened).hasSize(2).allMatch(directory -> directory.closed == 1);
  }

  @Test
  void shouldCloseThatWhichWasNotUsedForTheLongestTime() throws IOException {
    for (int i = 0; i < MOST_KEPT; i++) {
      parents.take(names("d" + i), this::openHeld).close();
    }
    parents.take(names("d0"), this::openHeld).close();
    assertThat(opened).hasSize(MOST_KEPT).allMatch(directory -> directory.closed == 0);

    parents.take(names("one more"), this::openHeld).close();
    assertThat(opened.get(0).closed).isZero();
    assertThat(opened.get(1).closed).isOne();
  }

  @Test
  void shouldLeaveDirectoryInUseToItsLastUser() throws IOException {
    OpenParents.Lease first = parents.take(names("used"), this::openHeld);
    OpenParents.Lease second = parents.take(names("used"), this::openHeld);
    for (int i = 0; i < MOST_KEPT; i++) {
      parents.take(names("d" + i), this::openHeld).close();
    }
    first.close();
    assertThat(opened.get(0).closed).isZero();
    second.close();
    assertThat(opened.get(0).closed).isOne();
  }

  @Test
  void shouldCloseAllOnceAtTheEnd() throws IOException {
    parents.take(names("a"), this::openHeld).close();
    OpenParents.Lease used = parents.take(names("b"), this::openHeld);
    parents.close();
    assertThat(opened).extracting(directory -> directory.closed).containsExactly(1, 0);
    used.close();
    assertThat(opened).extracting(directory -> directory.closed).containsExactly(1, 1);
  }

  @Test
  void shouldKeepNothingOfDirectoryThatCannotBeOpened() throws IOException {
    assertThatIOException()
        .isThrownBy(
            () ->
                parents.take(
                    names("a"),
                    path -> {
                      throw new IOException("no entry");
                    }))
        .withMessage("no entry");
    parents.take(names("a"), this::openHeld).close();
    assertThat(opened).hasSize(1);
  }

  private static List<Path> names(String... names) {
    return List.of(names).stream().map(Path::of).toList();
  }

  private OpenDirectory openHeld(List<Path> names) {
    return open(true);
  }

  private OpenDirectory open(boolean held) {
    FakeDirectory directory = new FakeDirectory(held);
    opened.add(directory);
    return directory;
  }

  /** Counts how often it is closed. */
  private static final class FakeDirectory implements OpenDirectory {
    private final boolean held;
    private int closed;

    FakeDirectory(boolean held) {
      this.held = held;
    }

    @Override
    public boolean isHeld() {
      return held;
    }

    @Override
    public void close() {
      closed++;
    }

    @Override
    public Optional<FileKind> kindOf(Path name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void createChild(Path name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public OpenDirectory openChild(Path name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public OutputStream createFile(Path name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void rename(Path from, Path to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path name) {
      throw new UnsupportedOperationException();
    }
  }
}
