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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A regular file. It counts as changed where its size, its modification time or the file under its
 * name is another after reading than before.
 */
public final class FileSource implements Source {
  private final Path path;
  private @Nullable Facts opened;

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
      opened = Facts.read(path, System.currentTimeMillis());
      return Files.newInputStream(path);
    } catch (NoSuchFileException vanished) {
      throw new IOException("there is no such file any more", vanished);
    } catch (AccessDeniedException denied) {
      throw new IOException("permission denied", denied);
    }
  }

  /** Gives what {@link FileVersion} reads of it, and when it was opened. */
  @Override
  public Optional<SourceVersion> version() {
    return Optional.of(Objects.requireNonNull(opened, "not opened").version());
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) throws IOException {
    Facts before = Objects.requireNonNull(opened, "not opened");
    Facts after;
    try {
      after = Facts.read(path, System.currentTimeMillis());
    } catch (NoSuchFileException vanished) {
      throw new IOException("it vanished while it was read", vanished);
    }
    if (bytesRead != before.size() || after.size() != before.size()) {
      throw new SourceChangedException(
          "its size changed while it was read: %d, %d, then %d bytes"
              .formatted(before.size(), bytesRead, after.size()));
    }
    if (after.version().getModifiedAtNs() != before.version().getModifiedAtNs()) {
      throw new SourceChangedException("it was written to while it was read");
    }
    if (!Objects.equals(after.key(), before.key())) {
      throw new SourceChangedException("it was replaced by another file while it was read");
    }
  }

  @Override
  public boolean canReadAgain() {
    return true;
  }

  /**
   * What the file system says of the file.
   *
   * @param key the same for two names of one file; null where the platform has no such thing
   */
  private record Facts(SourceVersion version, @Nullable Object key) {
    static Facts read(Path path, long nowMs) throws IOException {
      if (!FileVersion.hasInodes(path)) {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class);
        return new Facts(readAt(FileVersion.of(basic), nowMs), basic.fileKey());
      }
      Map<String, @Nullable Object> unix =
          Files.readAttributes(path, "unix:fileKey," + FileVersion.UNIX_ATTRIBUTES);
      return new Facts(readAt(FileVersion.of(unix), nowMs), unix.get("fileKey"));
    }

    private static SourceVersion readAt(SourceVersion version, long nowMs) {
      return version.toBuilder().setReadAtMs(nowMs).build();
    }

    long size() {
      return version.getSize();
    }
  }
}
