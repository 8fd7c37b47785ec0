package io.castore.ingest;

import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads which version of a file is there, with one call to the file system. */
public final class FileVersion {
  /** What is asked of a file system that knows inodes, beside what else is wanted of it. */
  public static final String UNIX_ATTRIBUTES = "size,lastModifiedTime,ino,ctime";

  private FileVersion() {}

  /** Whether the file system of a path knows inodes. */
  public static boolean hasInodes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /**
   * Tells which version is there now.
   *
   * @param options whether a symbolic link is followed
   * @throws IOException if there is no such file, or it cannot be looked at
   */
  public static SourceVersion read(Path file, LinkOption... options) throws IOException {
    return hasInodes(file)
        ? of(Files.readAttributes(file, "unix:" + UNIX_ATTRIBUTES, options))
        : of(Files.readAttributes(file, BasicFileAttributes.class, options));
  }

  /**
   * Tells which version has these attributes.
   *
   * @param unix {@link #UNIX_ATTRIBUTES} of the view {@code unix} at least
   * @throws IOException if one is missing
   */
  public static SourceVersion of(Map<String, @Nullable Object> unix) throws IOException {
    if (unix.get("size") instanceof Long size
        && unix.get("lastModifiedTime") instanceof FileTime modified
        && unix.get("ino") instanceof Long inode
        && unix.get("ctime") instanceof FileTime changed) {
      return SourceVersion.newBuilder()
          .setModifiedAtNs(modified.to(TimeUnit.NANOSECONDS))
          .setSize(size)
          .setInode(inode)
          .setChangedAtNs(changed.to(TimeUnit.NANOSECONDS))
          .build();
    }
    throw new IOException("file attributes: " + unix + " (expected: " + UNIX_ATTRIBUTES + ")");
  }

  /** Tells which version has these attributes, where the file system knows no inodes. */
  public static SourceVersion of(BasicFileAttributes attributes) {
    return SourceVersion.newBuilder()
        .setModifiedAtNs(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
        .setSize(attributes.size())
        .build();
  }
}
