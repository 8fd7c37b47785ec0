package io.castore.endtoend.faults;

import io.castore.content.digest.Digest;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a round ingests.
 *
 * @param directory where all files are
 * @param digests the digest of each file, by its path as the command prints it, which starts with
 *     the directory's own name
 * @param bytes how long all files are together
 */
record Sample(Path directory, Map<String, Digest> digests, long bytes) {
  /** The directory's own name, which is what the command is given. */
  String name() {
    return directory.getFileName().toString();
  }

  /** Where the command runs. */
  Path parent() {
    return directory.resolveSibling("").toAbsolutePath();
  }
}
