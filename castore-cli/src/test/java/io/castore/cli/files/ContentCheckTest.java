package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.cli.files.ContentCheck.Expected;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ContentCheckTest {
  @TempDir private static Path directory;

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 64 << 10, (64 << 10) + 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20})
  void shouldTellContentsOfAllLengthsApart(int length) throws Exception {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    byte[] other = content.clone();
    if (length > 0) {
      other[length - 1]++;
    }
    Expected same = expect(write(length + "-same", content), content);
    Expected changed = expect(write(length + "-changed", other), content);

    try (ContentCheck check = new ContentCheck()) {
      BitSet others = check.findOthers(List.of(same, changed, same)).get();
      assertThat(others.get(0)).isFalse();
      assertThat(others.get(1)).isEqualTo(length > 0);
      assertThat(others.get(2)).isFalse();
      assertThat(check.bytesRead()).isEqualTo(3L * length);
    }
  }

  @Test
  void shouldTellThatFilesAreLongerOrShorterOrGone() throws Exception {
    byte[] content = new byte[3 << 20];
    Path file = write("length", content);
    Expected right = expect(file, content);
    Expected longer = new Expected(file, content.length - 1L, right.digest());
    Expected shorter = new Expected(file, content.length + 1L, right.digest());
    Expected seemedSmall = new Expected(file, 7, right.digest());
    Expected gone = new Expected(directory.resolve("gone"), 7, right.digest());
    Expected unreadable = new Expected(directory, 7, right.digest());

    try (ContentCheck check = new ContentCheck()) {
      BitSet others =
          check
              .findOthers(List.of(longer, right, shorter, gone, right, seemedSmall, unreadable))
              .get();
      assertThat(others.stream()).containsExactly(0, 2, 3, 5, 6);
    }
  }

  /** More than are read ahead of. */
  @Test
  void shouldReadAnyNumberOfLists() throws Exception {
    byte[] content = {1, 2, 3};
    Expected file = expect(write("again", content), content);
    try (ContentCheck check = new ContentCheck()) {
      List<CompletableFuture<BitSet>> found = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        found.add(check.findOthers(List.of(file)));
      }
      for (CompletableFuture<BitSet> others : found) {
        assertThat(others.get().isEmpty()).isTrue();
      }
    }
  }

  private static Path write(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  private static Expected expect(Path file, byte[] content) {
    return new Expected(file, content.length, Blake3.hash(content));
  }
}
