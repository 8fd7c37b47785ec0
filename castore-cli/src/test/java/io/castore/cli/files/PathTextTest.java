package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class PathTextTest {
  private static final byte[] NOT_UTF8 = {'c', 'a', 'f', (byte) 0xe9};

  @ParameterizedTest
  @ValueSource(strings = {"a", "docs/a.md", "./x", "../x", "/abs/x", ".", ".."})
  void shouldShowPathAsItWasGiven(String given) {
    assertThat(PathText.of(Path.of(given))).isEqualTo(new PathText(given, null));
  }

  @Test
  void shouldShowUtf8AsItIs() {
    Path path = Path.of("docs").resolve(name("é\u4e2d\ud83d\ude00"));

    assertThat(PathText.of(path)).isEqualTo(new PathText("docs/é\u4e2d\ud83d\ude00", null));
  }

  @Test
  void shouldTakeReplacementCharacterInANameForWhatItIs() {
    assertThat(PathText.of(name("a\uFFFD"))).isEqualTo(new PathText("a\uFFFD", null));
  }

  @Test
  void shouldGiveRelativeReferenceWhenRelativePathIsNotUtf8() {
    Path path = Path.of("a:b c").resolve(RawNames.toPath(NOT_UTF8));

    assertThat(PathText.of(path))
        .isEqualTo(new PathText("a:b c/caf\uFFFD", URI.create("a%3Ab%20c/caf%E9")));
  }

  @Test
  void shouldGiveFileUriWhenAbsolutePathIsNotUtf8() {
    Path path = Path.of("/").resolve(RawNames.toPath(NOT_UTF8));

    assertThat(PathText.of(path))
        .isEqualTo(new PathText("/caf\uFFFD", URI.create("file:///caf%E9")));
  }

  @Test
  void shouldDescribeFileThatWasFoundInADirectory(@TempDir Path directory) throws IOException {
    Files.createFile(directory.resolve(RawNames.toPath(NOT_UTF8)));

    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      PathText text = PathText.of(entries.iterator().next());

      assertThat(text.shown()).endsWith("/caf\uFFFD");
      assertThat(text.uri()).asString().startsWith("file:///").endsWith("/caf%E9");
      assertThat(Path.of(java.util.Objects.requireNonNull(text.uri()))).exists();
    }
  }

  @Property(tries = 300)
  void shouldKeepTheBytesOfAnyName(@ForAll @Size(min = 1, max = 12) byte[] name) {
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] == 0 || name[i] == '/' ? (byte) 0xff : name[i];
    }

    assertThat(RawNames.bytesOf(RawNames.toPath(name))).isEqualTo(name);
    assertThat(RawNames.decode(RawNames.encode(name))).isEqualTo(name);
  }

  private static Path name(String text) {
    return RawNames.toPath(text.getBytes(StandardCharsets.UTF_8));
  }
}
