package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailuresTest {
  @TempDir private Path directory;

  @Test
  void shouldSayThatItMayHealWhenTheDiskIsFull() {
    assertThat(explain(new IOException("No space left on device")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("full (free some space below " + directory + ")");
    assertThat(explain(new FileSystemException("a", null, "Disk quota exceeded")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("full");
  }

  @Test
  void shouldSayThatItMayHealWhenNothingElseIsKnown() {
    IOException failure = new IOException("Input/output error");

    assertThat(explain(failure))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("file:///x: put a: java.io.IOException: Input/output error")
        .hasCause(failure);
  }

  @Test
  void shouldRefuseWhenPermissionIsDenied() {
    assertThat(explain(new AccessDeniedException("/x/a")))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("put a: permission denied at /x/a (expected: ");
  }

  @Test
  void shouldRefuseWhenMountedReadOnly() {
    assertThat(explain(new FileSystemException("a", null, "Read-only file system")))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("read-only");
  }

  @Test
  void shouldLeaveAnExplanationAsItIs() {
    IOException explained = new StoreRefusedException("explained", null);

    assertThat(explain(explained)).isSameAs(explained);
  }

  @Test
  void shouldNotTakeADeniedPathForAbsent() {
    FileFailures failures = new FileFailures("file:///x", directory);
    Path file = directory.resolve("a");

    assertThat(failures.meansAbsent(file, new NoSuchFileException("a"))).isTrue();
    assertThat(failures.meansAbsent(file, new AccessDeniedException("a"))).isFalse();
  }

  private IOException explain(IOException failure) {
    return new FileFailures("file:///x", directory)
        .explain("put a", directory.resolve("a"), failure);
  }
}
