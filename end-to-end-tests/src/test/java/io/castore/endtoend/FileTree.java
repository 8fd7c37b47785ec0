package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes files that Java has no call for, and compares trees whatever bytes their names have. */
final class FileTree {
  private FileTree() {}

  /** Makes a named pipe. */
  static void makePipe(Path path) throws IOException, InterruptedException {
    Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    assertThat(mkfifo.waitFor()).isZero();
  }

  /**
   * Writes a file whose name is no text.
   *
   * @param name as {@code printf} takes it: {@code caf\351}
   */
  static void writeRawName(Path directory, String name, String content)
      throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s '" + content + "' > \"$(printf '" + name + "')\"")
            .directory(directory.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();
  }

  /** Gives the digests of all regular files below a directory, by their percent-encoded paths. */
  static Map<String, Digest> digests(Path directory) throws IOException {
    Map<String, Digest> digests = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          String path = directory.toUri().relativize(file.toUri()).getRawPath();
          digests.put(path, Contents.digest(file));
        }
      }
    }
    return digests;
  }
}
