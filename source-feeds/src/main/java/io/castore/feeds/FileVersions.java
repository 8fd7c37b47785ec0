package io.castore.feeds;

import io.castore.proto.pipeline.SourceVersion;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** Makes versions of files. */
public final class FileVersions {
  private FileVersions() {}

  /** Describes a file by its size and its modification time. */
  public static SourceVersion of(BasicFileAttributes file) {
    return SourceVersion.newBuilder()
        .setModifiedAtNs(file.lastModifiedTime().to(TimeUnit.NANOSECONDS))
        .setSize(file.size())
        .build();
  }
}
