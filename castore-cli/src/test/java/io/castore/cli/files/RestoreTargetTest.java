package io.castore.cli.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.castore.cli.files.RestoreTarget.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@EnumSource
class RestoreTargetTest {
  enum Access {
    BY_HANDLE,
    BY_PATH;

    RestoreTarget open(Path directory) throws IOException {
      return this == BY_HANDLE
          ? RestoreTarget.open(directory)
          : new RestoreTarget(new PathDirectory(directory.toRealPath()));
    }
  }

  @Parameter Access access = Access.BY_HANDLE;
  @TempDir Path base;

  @Test
  void shouldHoldDirectoriesByHandleOnThisPlatform() throws IOException {
    try (OpenDirectory directory = OpenDirectory.open(base)) {
      assertThat(directory).isInstanceOf(SecureDirectory.class);
    }
  }

  @Test
  void shouldWriteFileAndTheDirectoriesThatItNeeds() throws IOException {
    assertThat(write("docs/deep/a.md")).isEqualTo(Outcome.CREATED);
    assertThat(write("docs/deep/b.md")).isEqualTo(Outcome.CREATED);
    assertThat(write("top")).isEqualTo(Outcome.CREATED);

    assertThat(files()).containsExactly("docs/deep/a.md", "docs/deep/b.md", "top");
    assertThat(below("docs/deep/a.md")).hasContent("content of docs/deep/a.md");
  }

  @Test
  void shouldWriteEmptyFile() throws IOException {
    write("empty", null, out -> {});

    assertThat(below("empty")).isEmptyFile();
  }

  @Test
  void shouldMakeAbsolutePathRelative() throws IOException {
    write("/etc/passwd");
    write("//x//y");

    assertThat(files()).containsExactly("etc/passwd", "x/y");
  }

  @Test
  void shouldDropDotParts() throws IOException {
    write("./a/./b");

    assertThat(files()).containsExactly("a/b");
  }

  @Test
  void shouldTakeStrangeNamesForWhatTheyAre() throws IOException {
    List<String> names = List.of("...", "..a", "-", " ", "a\nb", "a\\..\\b", "%2e%2e", "~", "C:x");
    for (String name : names) {
      write(name);
    }

    assertThat(files()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void shouldWriteUtf8NameInAnyLocale() throws IOException {
    write("\u00e9/\uFFFD");

    assertThat(encodedFiles()).containsExactly("%C3%A9/%EF%BF%BD");
  }

  @Test
  void shouldWriteExactNameWhenItIsNotUtf8() throws IOException {
    write("docs/caf\uFFFD", URI.create("docs/caf%E9"));
    write("/caf\uFFFD", URI.create("file:///caf%E8"));

    assertThat(encodedFiles()).containsExactly("caf%E8", "docs/caf%E9");
  }

  @Test
  void shouldRestoreUnderTheNameThatWasFound() throws IOException {
    Path source = base.resolve("source").resolve(RawNames.toPath(new byte[] {'c', (byte) 0xe9}));
    PathText name = PathText.of(base.relativize(source));

    write(name.shown(), name.uri());

    assertThat(encodedFiles()).containsExactly("source/c%E9");
  }

  @Test
  void shouldRefuseParentParts() throws IOException {
    for (String path : List.of("..", "../a", "a/../b", "/../a", "a/..")) {
      assertRefused(path, null, "path with a .. part (expected: none)");
    }
    assertRefused("../a", URI.create("%2E%2E%2Fa"), "path with a .. part (expected: none)");
    assertThat(files()).isEmpty();
  }

  @Test
  void shouldRefusePathsThatNameNoFile() throws IOException {
    for (String path : List.of("", "/", "//", ".", "a/", "a/.", "./")) {
      assertRefused(path, null, "path without a file's name at its end");
    }
    assertRefused("a\0b", null, "NUL");
    assertRefused("a\ud800", null, "not valid Unicode");
    assertRefused("a/".repeat(2048) + "b", null, "path of 4097 bytes (expected: at most 4096)");
  }

  @Test
  void shouldRefuseUriThatSaysSomethingElse() throws IOException {
    for (String uri :
        List.of(
            "b", "http:///a", "//host/a", "file://host/a", "mailto:a", "a?b", "a#b", "%61%00")) {
      assertRefused("a", URI.create(uri), "path_uri: ");
    }
  }

  @Test
  void shouldReportNameThatIsTooLongForTheFileSystem() throws IOException {
    assertRefused("n".repeat(256), null, "could not be written: ");
    assertThat(write("n".repeat(255))).isEqualTo(Outcome.CREATED);
  }

  @Test
  void shouldReplaceFile() throws IOException {
    Files.writeString(below("a"), "before");
    Path other = Files.createLink(base.resolve("other-name"), below("a"));

    assertThat(write("a")).isEqualTo(Outcome.REPLACED);

    assertThat(below("a")).hasContent("content of a");
    assertThat(other).hasContent("before");
  }

  @Test
  void shouldLetTheLastOfTwoEntriesWin() throws IOException {
    write("/a", null, out -> out.write(1));

    assertThat(write("a")).isEqualTo(Outcome.REPLACED);
    assertThat(below("a")).hasContent("content of a");
  }

  @Test
  void shouldRefuseToReplaceAnythingButAFile() throws Exception {
    Files.createDirectory(below("directory"));
    SpecialFiles.pipe(below("pipe"));
    Files.createFile(base.resolve("outside"));
    Files.createSymbolicLink(below("link"), base.resolve("outside"));
    Files.createSymbolicLink(below("dangling"), base.resolve("nothing"));

    assertRefused("directory", null, "there is a directory (expected: nothing, or a file");
    assertRefused("pipe", null, "there is a special file (expected: nothing, or a file");
    assertRefused("link", null, "there is a symbolic link (expected: nothing, or a file");
    assertRefused("dangling", null, "there is a symbolic link (expected: nothing, or a file");
    assertThat(base.resolve("outside")).isEmptyFile();
    assertThat(base.resolve("nothing")).doesNotExist();
  }

  @Test
  void shouldRefuseToGoThroughAnythingButADirectory() throws Exception {
    Files.createDirectories(below("x"));
    Files.createFile(below("x/file"));
    SpecialFiles.pipe(below("pipe"));
    Files.createSymbolicLink(below("up"), base);
    Files.createSymbolicLink(below("inside"), Path.of("x"));

    assertRefused("x/file/b", null, "x/file is a file (expected: a directory)");
    assertRefused("pipe/b", null, "pipe is a special file (expected: a directory)");
    assertRefused("up/b", null, "up is a symbolic link (expected: a directory)");
    assertRefused("inside/b", null, "inside is a symbolic link (expected: a directory)");
    assertThat(base.resolve("b")).doesNotExist();
  }

  @Test
  void shouldRefuseFileAndDirectoryOfOneName() throws IOException {
    write("a");
    write("b/c");

    assertRefused("a/b", null, "a is a file (expected: a directory)");
    assertRefused("b", null, "there is a directory (expected: nothing, or a file to replace)");
  }

  @Test
  void shouldLeaveNothingWhenTheContentFails() throws IOException {
    Files.writeString(below("old"), "before");
    IOException corrupt = new IOException("corrupt");

    for (String path : List.of("old", "new")) {
      assertThatIOException()
          .isThrownBy(
              () ->
                  write(
                      path,
                      null,
                      out -> {
                        out.write(new byte[100_000]);
                        throw corrupt;
                      }))
          .isSameAs(corrupt);
    }

    assertThat(files()).containsExactly("old");
    assertThat(below("old")).hasContent("before");
  }

  @Test
  void shouldReportTheFileSystemWhenItFailsWhileContentIsWritten() throws IOException {
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(
            () ->
                write(
                    "a",
                    null,
                    out -> {
                      Files.createDirectory(below("a"));
                      out.write(1);
                    }))
        .withMessageStartingWith("a: could not be written: ");
    assertThat(files()).isEmpty();
  }

  @Test
  void shouldFollowSymbolicLinkToTheDirectoryItself() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), directory());

    try (RestoreTarget target = access.open(link)) {
      target.write("a", null, out -> out.write(1));
    }

    assertThat(files()).containsExactly("a");
  }

  @Test
  void shouldMakeTheDirectoryItself() throws IOException {
    try (RestoreTarget target = RestoreTarget.open(base.resolve("x/y"))) {
      target.write("a", null, out -> out.write(1));
    }

    assertThat(base.resolve("x/y/a")).isRegularFile();
  }

  @Test
  void shouldRefuseDirectoryThatIsAFile() throws IOException {
    Path file = Files.createFile(base.resolve("file"));

    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> RestoreTarget.open(file))
        .withMessage(file + ": is not a directory (expected: one, or a free name)");
  }

  @Test
  void shouldWriteFromManyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (RestoreTarget target = access.open(directory())) {
      List<Callable<Outcome>> writes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String path = "d" + i % 7 + "/e" + i % 3 + "/f" + i;
        writes.add(() -> target.write(path, null, out -> out.write(1)));
      }
      for (Future<Outcome> outcome : threads.invokeAll(writes)) {
        assertThat(outcome.get()).isEqualTo(Outcome.CREATED);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(files()).hasSize(200);
  }

  @Test
  void shouldWriteToMoreDirectoriesThanStayOpen() throws IOException {
    try (RestoreTarget target = access.open(directory())) {
      for (int i = 0; i < 300; i++) {
        target.write("d" + i % 100 + "/f" + i, null, out -> out.write(1));
      }
    }

    assertThat(files()).hasSize(300);
  }

  @Test
  void shouldStayWithinWhenADirectoryThatItWroteToBecomesALink() throws IOException {
    Path outside = Files.createDirectory(base.resolve("outside"));
    try (RestoreTarget target = access.open(directory())) {
      target.write("d/e/first", null, out -> out.write(1));
      Files.move(below("d"), below("moved"));
      Files.createSymbolicLink(below("d"), outside);
      if (access == Access.BY_HANDLE) {
        target.write("d/e/second", null, out -> out.write(2));
        assertThat(below("moved/e/second")).hasBinaryContent(new byte[] {2});
      } else {
        assertThatExceptionOfType(RestoreException.class)
            .isThrownBy(() -> target.write("d/e/second", null, out -> out.write(2)));
      }
    }

    assertThat(outside).isEmptyDirectory();
  }

  private Outcome write(String path) throws IOException {
    return write(path, null);
  }

  private Outcome write(String path, @Nullable URI uri) throws IOException {
    return write(path, uri, out -> out.write(("content of " + path).getBytes(UTF_8)));
  }

  private Outcome write(String path, @Nullable URI uri, RestoreTarget.Content content)
      throws IOException {
    try (RestoreTarget target = access.open(directory())) {
      return target.write(path, uri, content);
    }
  }

  private void assertRefused(String path, @Nullable URI uri, String reason) {
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> write(path, uri))
        .withMessageStartingWith(path + ": ")
        .withMessageContaining(reason);
  }

  private Path directory() throws IOException {
    return Files.createDirectories(base.resolve("restored"));
  }

  private Path below(String path) throws IOException {
    return directory().resolve(path);
  }

  private List<String> files() throws IOException {
    return walk(path -> path.toString());
  }

  private List<String> encodedFiles() throws IOException {
    return walk(path -> RawNames.encode(RawNames.bytesOf(path)));
  }

  private List<String> walk(java.util.function.Function<Path, String> name) throws IOException {
    Path directory = directory();
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> name.apply(directory.relativize(path)))
          .sorted()
          .toList();
    }
  }
}
