package io.castore.cli.files;

import io.castore.ingest.FileVersion;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a walk needs to know of a file.
 *
 * @param version means something for a regular file alone
 * @param key the same for two names of one file; null where the platform has no such thing
 */
record FileFacts(FileKind kind, SourceVersion version, @Nullable Object key) {
  private static final String UNIX = "unix:mode,fileKey," + FileVersion.UNIX_ATTRIBUTES;

  static FileFacts read(Path path, LinkOption... options) throws IOException {
    if (!FileVersion.hasInodes(path)) {
      BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, options);
      return new FileFacts(FileKind.of(basic), FileVersion.of(basic), basic.fileKey());
    }
    Map<String, @Nullable Object> unix = Files.readAttributes(path, UNIX, options);
    if (unix.get("mode") instanceof Integer mode) {
      return new FileFacts(FileKind.ofMode(mode), FileVersion.of(unix), unix.get("fileKey"));
    }
    throw new IOException("file attributes: " + unix + " (expected: mode)");
  }
}
