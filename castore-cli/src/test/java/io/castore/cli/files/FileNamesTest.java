package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.ingest.FileSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileNamesTest {
  @TempDir private Path directory;

  @Test
  void shouldGiveTheNamesThatFilesHaveAsSources() throws Exception {
    Path sub = Files.createDirectories(directory.resolve("a b/caf\u00e9"));
    FileNames names = new FileNames();
    for (Path file :
        List.of(
            directory.resolve("plain-1.txt"),
            directory.resolve("plain_2"),
            directory.resolve("with space"),
            directory.resolve("100%"),
            directory.resolve("~tilde"),
            sub.resolve("x.y"),
            sub.resolve("\u00e9"),
            sub.resolve("..").resolve("up.txt"),
            directory.resolve("gone").resolve("file"),
            Path.of("relative.txt"),
            Path.of("./relative.txt"),
            Path.of("some/relative.txt"),
            Path.of("/at-the-root"))) {
      assertThat(names.of(file)).isEqualTo(new FileSource(file).name());
    }
  }
}
