package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.cli.files.RestoreTargetTest.Access;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** No listed path whatsoever makes a write outside the directory. */
class RestoreTargetContainmentTest {
  private static final String BASE_MARK = "<base>";

  private Path base = Path.of("");
  private Path directory = Path.of("");

  @BeforeProperty
  void makeDirectoriesAndTraps() throws IOException {
    base = Files.createTempDirectory("castore-containment").toRealPath();
    directory = Files.createDirectories(base.resolve("in/restored"));
    Files.writeString(base.resolve("victim"), "untouched");
    Files.createDirectory(base.resolve("outside"));
    Files.createSymbolicLink(directory.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(directory.resolve("out"), base.resolve("outside"));
    Files.createSymbolicLink(directory.resolve("victim"), base.resolve("victim"));
    Files.createSymbolicLink(directory.resolve("dangling"), base.resolve("made-by-link"));
    Files.createDirectory(directory.resolve("dir"));
    Files.createFile(directory.resolve("file"));
  }

  @AfterProperty
  void removeDirectories() throws IOException {
    try (Stream<Path> paths = Files.walk(base)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Property(tries = 250)
  void shouldNeverWriteOutsideForListedPath(@ForAll Access access, @ForAll("paths") String path)
      throws IOException {
    assertContained(access, path.replace(BASE_MARK, base.toString()), null);
  }

  @Property(tries = 250)
  void shouldNeverWriteOutsideForPathUri(@ForAll Access access, @ForAll("paths") String path)
      throws IOException {
    String text = path.replace(BASE_MARK, base.toString());
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder("file:///");
    for (byte b : bytes) {
      encoded.append(String.format("%%%02x", b & 0xff));
    }
    assertContained(access, "/" + text, URI.create(encoded.toString()));
  }

  private void assertContained(Access access, String path, @Nullable URI uri) throws IOException {
    Set<String> before = outside();
    String content = UUID.randomUUID().toString();
    boolean isWritten;
    try (RestoreTarget target = access.open(directory)) {
      target.write(
          path, uri, out -> out.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      isWritten = true;
    } catch (RestoreException refused) {
      isWritten = false;
    }

    assertThat(outside()).isEqualTo(before);
    assertThat(base.resolve("victim")).hasContent("untouched");
    assertThat(filesInsideWith(content)).isEqualTo(isWritten ? 1 : 0);
  }

  private Set<String> outside() throws IOException {
    try (Stream<Path> paths = Files.walk(base)) {
      return paths
          .filter(path -> !path.startsWith(directory))
          .map(Path::toString)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private long filesInsideWith(String content) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(directory)) {
      files = paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    long count = 0;
    for (Path file : files) {
      assertThat(file.getFileName().toString()).doesNotEndWith(".tmp");
      if (Files.readString(file).equals(content)) {
        count++;
        Files.delete(file);
      }
    }
    return count;
  }

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "..",
            ".",
            "",
            "a",
            "b",
            "up",
            "out",
            "victim",
            "dangling",
            "dir",
            "file",
            "outside",
            "\0",
            "\uFFFD",
            "\\",
            "..\\..",
            "%2e%2e",
            "in",
            "restored",
            BASE_MARK,
            "n\n",
            "x".repeat(255),
            "x".repeat(256));
    Arbitrary<String> joined =
        parts.list().ofMinSize(1).ofMaxSize(6).map(list -> String.join("/", list));
    return Arbitraries.oneOf(
        joined,
        joined.map(path -> "/" + path),
        joined.map(path -> BASE_MARK + "/" + path),
        Arbitraries.strings().withChars("./a\\").ofMaxLength(12),
        Arbitraries.strings().ofMaxLength(20));
  }
}
