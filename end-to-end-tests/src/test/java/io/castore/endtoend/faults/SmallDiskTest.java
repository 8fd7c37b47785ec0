package io.castore.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallDiskTest {
  @TempDir private Path directory;

  @Test
  void shouldTakeNothingMoreWhileItIsFull() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(directory, 1)) {
      Path file = disk.objects().resolveSibling("file");
      disk.fill();
      assertThatThrownBy(() -> Files.write(file, new byte[1 << 17]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      disk.free();
      Files.write(file, new byte[1 << 17]);
    } catch (UnsupportedOperationException unsupported) {
      abort(unsupported.toString());
    }
  }
}
