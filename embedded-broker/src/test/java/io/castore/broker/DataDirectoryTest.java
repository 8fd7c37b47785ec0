package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir Path path;

  @Test
  void shouldFormatAnewWhenEarlierProcessDiedWhileFormatting() throws Exception {
    Path half = Files.createDirectory(path.resolve("logs.formatting"));
    Files.writeString(half.resolve("bootstrap.checkpoint.tmp"), "half");
    try (DataDirectory directory = DataDirectory.open(path)) {
      assertThat(half).doesNotExist();
      assertThat(directory.logs())
          .isDirectoryContaining("glob:**/meta.properties")
          .isDirectoryContaining("glob:**/bootstrap.checkpoint")
          .isDirectoryNotContaining("glob:**.tmp");
    }
  }

  @Test
  void shouldKeepIdentityWhenOpenedAgain() throws Exception {
    Path properties = path.resolve("logs").resolve("meta.properties");
    DataDirectory.open(path).close();
    String first = Files.readString(properties);
    DataDirectory.open(path).close();
    assertThat(properties).hasContent(first);
  }
}
