package io.castore.cli.files;

import io.castore.proto.pipeline.SourceVersion;
import java.nio.file.Path;

/**
 * One thing that a walk met and had to give account of. Directories are gone through in silence.
 */
public sealed interface Found {
  /** Tells the path as the person who named it would continue it. */
  PathText name();

  /**
   * A regular file, to be ingested.
   *
   * @param version as the walk met it
   */
  record RegularFile(Path path, PathText name, SourceVersion version) implements Found {
    /**
     * Its length in bytes, when the walk met it; files under {@code /proc} say 0 and have content.
     */
    public long size() {
      return version.getSize();
    }
  }

  /** A named pipe that was named as an argument: to be read once, from its start to its end. */
  record Stream(Path path, PathText name) implements Found {}

  /** Left out by rule. The person is told, and nothing has gone wrong. */
  record Skipped(PathText name, String reason) implements Found {}

  /** Asked for and not to be had. The person is told, and the command ends with 1. */
  record Failed(PathText name, String reason) implements Found {}
}
