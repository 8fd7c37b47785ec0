package io.castore.feeds.backfill;

import io.castore.ingest.FileSource;
import io.castore.ingest.FileVersion;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.Path;

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
    return of(file, path, FileVersion.read(file));
  }

  /**
   * Takes a file that was looked at.
   *
   * @param path its path for patterns, with slashes
   */
  public static Candidate of(Path file, String path, SourceVersion version) {
    return new Candidate(new FileSource(file).name(), path, version, () -> new FileSource(file));
  }
}
