package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A regular file. It counts as changed where its size, its modification time or the file under its
 * name is another after reading than before.
 */
public final class FileSource implements Source {
  private final Path path;
  private @Nullable BasicFileAttributes opened;

  /** The file need not be there before {@link #open}. */
  public FileSource(Path path) {
    this.path = path;
  }

  @Override
  public String name() {
    return path.toAbsolutePath().normalize().toUri().toString();
  }

  @Override
  public InputStream open() throws IOException {
    try {
      opened = Files.readAttributes(path, BasicFileAttributes.class);
      return Files.newInputStream(path);
    } catch (NoSuchFileException vanished) {
      throw new IOException("there is no such file any more", vanished);
    } catch (AccessDeniedException denied) {
      throw new IOException("permission denied", denied);
    }
  }

  /** Gives its size and modification time. */
  @Override
  public Optional<SourceVersion> version() {
    return Optional.of(version(Objects.requireNonNull(opened, "not opened")));
  }

  /**
   * Tells which version of a file has these attributes.
   *
   * @param attributes as the file system gives them
   */
  public static SourceVersion version(BasicFileAttributes attributes) {
    return SourceVersion.newBuilder()
        .setModifiedAtNs(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
        .setSize(attributes.size())
        .build();
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) throws IOException {
    BasicFileAttributes before = Objects.requireNonNull(opened, "not opened");
    BasicFileAttributes after;
    try {
      after = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException vanished) {
      throw new IOException("it vanished while it was read", vanished);
    }
    if (bytesRead != before.size() || after.size() != before.size()) {
      throw new SourceChangedException(
          "its size changed while it was read: %d, %d, then %d bytes"
              .formatted(before.size(), bytesRead, after.size()));
    }
    if (!after.lastModifiedTime().equals(before.lastModifiedTime())) {
      throw new SourceChangedException("it was written to while it was read");
    }
    if (!Objects.equals(after.fileKey(), before.fileKey())) {
      throw new SourceChangedException("it was replaced by another file while it was read");
    }
  }

  @Override
  public boolean canReadAgain() {
    return true;
  }
}
