package io.castore.cli.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives the entries of one directory in the order of their names' bytes, and holds no more than a
 * page of names. A directory with more names than that is read once a page, each time for the next
 * smallest ones. So no name is given twice, even where the directory changes meanwhile.
 *
 * <p>Not thread-safe.
 */
final class SortedNames {
  private final Path directory;
  private final int pageSize;
  // On Unix, paths are ordered as their bytes are, unsigned.
  private final TreeSet<Path> page = new TreeSet<>();
  private @Nullable Path last;
  private boolean isLastPage;

  SortedNames(Path directory, int pageSize) {
    this.directory = directory;
    this.pageSize = pageSize;
  }

  Path directory() {
    return directory;
  }

  /** Tells how many names are in memory. */
  int held() {
    return page.size();
  }

  /** Drops the names in memory. The directory will be read again for them. */
  void release() {
    if (!page.isEmpty()) {
      page.clear();
      isLastPage = false;
    }
  }

  /** Gives the next entry's path: the directory's, and a name. */
  Optional<Path> next() throws IOException {
    if (page.isEmpty() && !isLastPage) {
      readPage();
    }
    Path name = page.pollFirst();
    if (name == null) {
      return Optional.empty();
    }
    last = name;
    return Optional.of(directory.resolve(name));
  }

  private void readPage() throws IOException {
    isLastPage = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Path name = entry.getFileName();
        if (last == null || name.compareTo(last) > 0) {
          page.add(name);
        }
        if (page.size() > pageSize) {
          page.pollLast();
          isLastPage = false;
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
  }
}
