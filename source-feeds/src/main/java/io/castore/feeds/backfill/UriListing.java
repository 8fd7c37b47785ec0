package io.castore.feeds.backfill;

import io.castore.content.objectstore.BucketObject;
import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.s3.S3Location;
import io.castore.feeds.s3.S3ObjectSource;
import io.castore.feeds.s3.S3Versions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sources that a text names, one a line, in UTF-8: {@code s3://bucket/key} and {@code
 * file:///path} with escapes as in all URIs, or a plain path. Empty lines are passed over. For
 * patterns, an object's path is its key, and a file's is its absolute path without the first slash.
 *
 * <p>Each object takes one question to its service; each file one look.
 */
public final class UriListing implements SourceListing {
  private final String name;
  private final Opener opener;
  private final S3Buckets service;

  /**
   * Names a list.
   *
   * @param name of the list, for people
   * @param service belongs to the caller, who closes it after all sources were read
   */
  public UriListing(String name, Opener opener, S3Buckets service) {
    this.name = name;
    this.opener = opener;
    this.service = service;
  }

  /** Opens a list. */
  @FunctionalInterface
  public interface Opener {
    /** Opens it; its reader closes it. */
    InputStream open() throws IOException;
  }

  @Override
  public void list(Visitor visitor) throws IOException, InterruptedException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(opener.open(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          visit(line, visitor);
        }
      }
    }
  }

  private void visit(String line, Visitor visitor) throws IOException, InterruptedException {
    Optional<Candidate> found;
    try {
      found = S3Location.isNamedBy(line) ? object(S3Location.parse(line)) : file(line);
    } catch (NoSuchFileException missing) {
      found = Optional.empty();
    } catch (AccessDeniedException denied) {
      visitor.failed(line, "permission denied");
      return;
    } catch (IOException | IllegalArgumentException unusable) {
      visitor.failed(line, String.valueOf(unusable.getMessage()));
      return;
    }
    if (found.isPresent()) {
      visitor.found(found.get());
    } else {
      visitor.failed(line, "does not exist");
    }
  }

  private Optional<Candidate> object(S3Location location) throws IOException {
    Optional<BucketObject> object = service.stat(location.bucket(), location.key());
    return object.map(
        there ->
            new Candidate(
                location.uri(),
                location.key(),
                S3Versions.of(there, ""),
                () -> new S3ObjectSource(service, location, "")));
  }

  private static Optional<Candidate> file(String line) throws IOException {
    Path file = line.startsWith("file:") ? Path.of(URI.create(line)) : Path.of(line);
    if (!Files.isRegularFile(file) && Files.exists(file)) {
      throw new IOException("is no regular file (expected: a file; a directory is given as FROM)");
    }
    Path absolute = file.toAbsolutePath().normalize();
    return Optional.of(FileCandidates.of(file, absolute.toString().substring(1)));
  }

  @Override
  public String toString() {
    return name;
  }
}
