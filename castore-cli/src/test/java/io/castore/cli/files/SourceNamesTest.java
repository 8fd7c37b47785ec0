package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceNamesTest {
  @ParameterizedTest
  @CsvSource({
    "s3://bucket/a, true",
    "file:///a, true",
    "stdin:-, true",
    "s3:, true",
    "docs, false",
    "/srv/docs, false",
    "./s3:a, false",
    "1:a, false"
  })
  void shouldTellNamesFromPaths(String text, boolean isName) {
    assertThat(SourceNames.isName(text)).isEqualTo(isName);
  }

  @Test
  void shouldNameAPathWhetherItIsADirectoryOrNotThere(@TempDir Path directory) {
    assertThat(SourceNames.ofPath(directory)).isEqualTo("file://" + directory);
    assertThat(SourceNames.ofPath(directory.resolve("sub/../a b.txt")))
        .isEqualTo("file://" + directory + "/a%20b.txt");
  }

  @Test
  void shouldDecodeNamesOfFilesAndObjects() {
    assertThat(SourceNames.path("s3://bucket/a%20b/%C3%A4", 12))
        .isEqualTo(new PathText("a b/ä", null));
    assertThat(SourceNames.path("file:///srv/caf%E9", 12))
        .isEqualTo(new PathText("caf\uFFFD", URI.create("caf%E9")));
  }

  @ParameterizedTest
  @CsvSource({"file:///100%, 100%", "file:///%zz%41, %zz%41", "stdin:a%20b, stdin:a%20b"})
  void shouldTakeOtherNamesAsTheyAre(String name, String path) {
    int start = name.startsWith("file:///") ? 8 : 0;
    assertThat(SourceNames.path(name, start)).isEqualTo(new PathText(path, null));
  }
}
