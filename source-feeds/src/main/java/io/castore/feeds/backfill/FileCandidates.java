package io.castore.feeds.backfill;

import io.castore.ingest.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Makes files into candidates. */
public final class FileCandidates {
  private FileCandidates() {}

  /**
   * Looks at a file.
   *
   * @param path its path for patterns, with slashes
   * @throws IOException if it is not there, or cannot be looked at
   */
  public static Candidate of(Path file, String path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Candidate(
        new FileSource(file).name(),
        path,
        FileSource.version(attributes),
        () -> new FileSource(file));
  }
}
