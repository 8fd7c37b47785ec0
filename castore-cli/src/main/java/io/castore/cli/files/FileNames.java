package io.castore.cli.files;

import io.castore.ingest.FileSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Gives files the names that they have as sources, those of {@link FileSource#name}. Of many files
 * in one directory it does so quicker: making a URI of a path asks the file system, so only the
 * directory's is made.
 *
 * <p>Not thread-safe.
 */
public final class FileNames {
  private @Nullable Path directory;
  private String directoryName = "";

  /** Gives the name of a file, which is no directory. */
  public String of(Path file) {
    Path parent = file.getParent();
    String last = String.valueOf(file.getFileName());
    if (parent == null || !isPlain(last)) {
      return new FileSource(file).name();
    }
    if (!parent.equals(directory)) {
      String name = new FileSource(parent).name();
      directoryName = name.endsWith("/") ? name : name + "/";
      directory = parent;
    }
    return directoryName + last;
  }

  /** Whether a URI says it as it is, and it is a name of its own. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-'
              || c == '.';
      if (!plain) {
        return false;
      }
    }
    return !name.equals("..") && !name.equals(".");
  }
}
