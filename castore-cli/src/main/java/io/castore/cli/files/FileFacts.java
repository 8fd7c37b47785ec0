package io.castore.cli.files;

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
 * @param size in bytes; means something for a regular file alone
 * @param key the same for two names of one file; null where the platform has no such thing
 */
record FileFacts(FileKind kind, long size, @Nullable Object key) {
  static FileFacts read(Path path, LinkOption... options) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, options);
      return new FileFacts(FileKind.of(basic), basic.size(), basic.fileKey());
    }
    Map<String, @Nullable Object> unix =
        Files.readAttributes(path, "unix:mode,size,fileKey", options);
    if (unix.get("mode") instanceof Integer mode && unix.get("size") instanceof Long size) {
      return new FileFacts(FileKind.ofMode(mode), size, unix.get("fileKey"));
    }
    throw new IOException("file attributes: " + unix + " (expected: mode and size)");
  }
}
