package io.castore.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.castore.cli.files.Found.Failed;
import io.castore.cli.files.Found.RegularFile;
import io.castore.cli.files.Found.Skipped;
import io.castore.cli.files.Found.Stream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SourceTreeTest {
  @TempDir Path directory;

  @Test
  void shouldGoDepthFirstInTheOrderOfBytes() throws Exception {
    for (String name : List.of("b", "a/z", "a/b/c", "a.txt", "B", "_", "10", "9", "\u00e9")) {
      file(name);
    }

    assertThat(walk(directory))
        .containsExactly(
            "file 10",
            "file 9",
            "file B",
            "file _",
            "file a/b/c",
            "file a/z",
            "file a.txt",
            "file b",
            "file \u00e9");
  }

  @Test
  void shouldGoThroughDirectoriesInTheSameOrderWhenTheyExceedThePage() throws Exception {
    for (int i = 0; i < 25; i++) {
      file("d" + i % 5 + "/e" + i % 3 + "/f" + i);
      file("f" + i);
    }
    List<String> inOnePage = walk(directory);

    for (int pageNames : new int[] {1, 2, 7}) {
      assertThat(walk(new SourceTree(List.of(), pageNames), directory)).isEqualTo(inOnePage);
    }
    assertThat(inOnePage).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void shouldTellSizes() throws Exception {
    Files.write(directory.resolve("three"), new byte[3]);
    Files.createFile(directory.resolve("none"));

    List<Long> sizes = new ArrayList<>();
    SourceTree.leavingOut()
        .walk(
            List.of(directory.toString()),
            found -> {
              if (found instanceof RegularFile file) {
                sizes.add(file.size());
              }
            });

    assertThat(sizes).containsExactly(0L, 3L);
  }

  @Test
  void shouldContinuePathsAsTheyWereGiven() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    Path base = Files.createTempDirectory(here.resolve("target"), "walk");
    Files.createFile(base.resolve("x"));
    String relative = here.relativize(base).toString();

    List<String> names = new ArrayList<>();
    SourceTree.leavingOut()
        .walk(
            List.of(relative, "./" + relative, relative + "/", relative + "/x", base.toString()),
            found -> names.add(found.name().shown()));

    assertThat(names)
        .containsExactly(
            relative + "/x", "./" + relative + "/x", relative + "/x", relative + "/x", base + "/x");
    Files.delete(base.resolve("x"));
    Files.delete(base);
  }

  @Test
  void shouldFindNothingInAnEmptyDirectory() {
    assertThat(walk(directory)).isEmpty();
  }

  @Test
  void shouldFollowSymbolicLinkThatIsNamed() throws Exception {
    file("real/a");
    Path toDirectory = link("to-directory", "real");
    Path toFile = link("to-file", "real/a");

    assertThat(walk(toDirectory, toFile)).containsExactly("file to-directory/a", "file to-file");
  }

  @Test
  void shouldSkipSymbolicLinksInsideADirectory() throws Exception {
    file("a");
    link("loop", ".");
    link("to-file", "a");
    link("to-nothing", "gone");

    assertThat(walk(directory))
        .containsExactly(
            "file a",
            "skipped loop: is a symbolic link",
            "skipped to-file: is a symbolic link",
            "skipped to-nothing: is a symbolic link");
  }

  @Test
  void shouldSkipSpecialFilesInsideADirectory() throws Exception {
    file("a");
    SpecialFiles.pipe(directory.resolve("pipe"));
    SpecialFiles.socket(directory.resolve("socket"));

    assertThat(walk(directory))
        .containsExactly("file a", "skipped pipe: is a named pipe", "skipped socket: is a socket");
  }

  @Test
  void shouldTakeNamedPipeThatIsNamedForAStream() throws Exception {
    Path pipe = SpecialFiles.pipe(directory.resolve("pipe"));

    assertThat(walk(pipe)).containsExactly("stream pipe");
  }

  @Test
  void shouldFailForDeviceAndSocketThatAreNamed() throws Exception {
    Path socket = SpecialFiles.socket(directory.resolve("socket"));

    assertThat(walk(Path.of("/dev/null"), socket))
        .containsExactly(
            "failed /dev/null: is a character device (expected: a file, a directory or a named"
                + " pipe)",
            "failed socket: is a socket (expected: a file, a directory or a named pipe)");
  }

  @Test
  void shouldFailForWhatDoesNotExistAndGoOn() throws Exception {
    file("a");

    assertThat(
            walk(
                directory.resolve("gone"),
                link("dangling", "gone"),
                link("round", "round"),
                directory.resolve("n".repeat(256)),
                directory.resolve("a")))
        .containsExactly(
            "failed gone: does not exist",
            "failed dangling: is a symbolic link to something that does not exist",
            "failed round: Too many levels of symbolic links or unable to access attributes of"
                + " symbolic link",
            "failed " + "n".repeat(256) + ": File name too long",
            "file a");
  }

  @Test
  void shouldFailForPathThroughAFile() throws Exception {
    file("a");

    // The reason is the platform's: newer JDKs say that the path does not exist.
    assertThat(walk(directory.resolve("a/b")))
        .singleElement()
        .asString()
        .startsWith("failed a/b: ");
  }

  @Test
  void shouldFailForArgumentsThatAreNoNames() {
    assertThat(walkArguments("", "a\0b"))
        .containsExactly(
            "failed : empty path (expected: a name)",
            "failed a\0b: path with a NUL character (expected: none)");
  }

  @Test
  void shouldSayThatTheNameMayBeLostWhenAnArgumentWasNotUtf8() {
    assertThat(walkArguments(directory + "/caf\uFFFD"))
        .singleElement()
        .asString()
        .startsWith("failed caf\uFFFD: ")
        .contains("name lost", "the name of its directory instead");
  }

  @Test
  void shouldFindNameThatIsNotUtf8() throws Exception {
    Path name = RawNames.toPath(new byte[] {'c', (byte) 0xe9});
    Files.createFile(directory.resolve(name));

    List<Found> found = new ArrayList<>();
    SourceTree.leavingOut().walk(List.of(directory.toString()), found::add);

    assertThat(found)
        .singleElement()
        .isInstanceOfSatisfying(
            RegularFile.class,
            file -> {
              assertThat(file.path()).exists();
              assertThat(file.name().shown()).endsWith("/c\uFFFD");
              assertThat(file.name().uri()).asString().endsWith("/c%E9");
            });
  }

  @Test
  void shouldVisitAFileAsOftenAsItIsNamed() throws Exception {
    Path file = file("a");
    Files.createLink(directory.resolve("hard"), file);

    assertThat(walk(file, directory, file))
        .containsExactly("file a", "file a", "file hard", "file a");
  }

  @Test
  void shouldFailForUnreadableDirectoryAndGoOn() throws Exception {
    file("a/x");
    file("b");
    Path unreadable = directory.resolve("a");
    Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(unreadable), "permissions do not bind this user");

    assertThat(walk(directory))
        .containsExactly("failed a: directory cannot be read: permission denied", "file b");
    Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void shouldFailForWhatVanishesWhileItIsWalkedAndGoOn() throws Exception {
    file("a");
    Path vanishing = file("b");
    file("c");

    List<String> seen = new ArrayList<>();
    SourceTree.leavingOut()
        .walk(
            List.of(directory.toString()),
            found -> {
              seen.add(describe(found));
              Files.deleteIfExists(vanishing);
            });

    assertThat(seen).containsExactly("file a", "failed b: vanished before it was read", "file c");
  }

  @Test
  void shouldFailForDirectoryThatVanishesBetweenItsPagesAndGoOn() throws Exception {
    Path first = file("a/1");
    Path second = file("a/2");
    file("b");

    List<String> seen = new ArrayList<>();
    new SourceTree(List.of(), 1)
        .walk(
            List.of(directory.toString()),
            found -> {
              seen.add(describe(found));
              Files.deleteIfExists(first);
              Files.deleteIfExists(second);
              Files.deleteIfExists(directory.resolve("a"));
            });

    assertThat(seen)
        .containsExactly(
            "file a/1", "failed a: directory cannot be read: does not exist", "file b");
  }

  @Test
  void shouldSkipDirectoriesThatAreLeftOut() throws Exception {
    file("castore-data/store/chunk");
    file("sub/a");
    Path own = directory.resolve("castore-data");
    SourceTree tree = SourceTree.leavingOut(own, directory.resolve("gone"));

    assertThat(walk(tree, directory, link("alias", "castore-data")))
        .containsExactly(
            "skipped alias: is a symbolic link",
            "skipped castore-data: is a directory of this command's own",
            "file sub/a",
            "skipped alias: is a directory of this command's own");
  }

  @Test
  void shouldEndWhenTheVisitorThrows() throws Exception {
    file("a");

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                SourceTree.leavingOut()
                    .walk(
                        List.of(directory.toString()),
                        found -> {
                          throw new InterruptedException(found.name().shown());
                        }));
  }

  private Path file(String name) throws IOException {
    String encoded = RawNames.encode(name.getBytes(StandardCharsets.UTF_8));
    Path path =
        directory.resolve(Path.of("/").relativize(Path.of(URI.create("file:///" + encoded))));
    Files.createDirectories(path.getParent());
    return Files.createFile(path);
  }

  private Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(directory.resolve(name), Path.of(target));
  }

  private List<String> walk(Path... arguments) {
    return walk(SourceTree.leavingOut(), arguments);
  }

  private List<String> walk(SourceTree tree, Path... arguments) {
    return walk(tree, Arrays.stream(arguments).map(Path::toString).toArray(String[]::new));
  }

  private List<String> walkArguments(String... arguments) {
    return walk(SourceTree.leavingOut(), arguments);
  }

  private List<String> walk(SourceTree tree, String... arguments) {
    List<String> seen = new ArrayList<>();
    tree.walk(List.of(arguments), found -> seen.add(describe(found)));
    return seen;
  }

  private String describe(Found found) {
    String name = found.name().shown().replace(directory + "/", "");
    name = name.equals(directory.toString()) ? "." : name;
    if (found instanceof RegularFile) {
      return "file " + name;
    }
    if (found instanceof Stream) {
      return "stream " + name;
    }
    return found instanceof Skipped skipped
        ? "skipped " + name + ": " + skipped.reason()
        : "failed " + name + ": " + ((Failed) found).reason();
  }
}
