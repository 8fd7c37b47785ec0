package io.castore.content.objectstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names in the directory that was asked for last, as long as nothing comes to it or goes: so
 * that to list a directory in many parts, by what names start with, does not read all of it for
 * each part. Some 100 bytes a name are held.
 *
 * <p>Safe for use by many threads.
 */
final class FolderNames {
  /** As many as there are directories of chunks, and room for others; more are not held. */
  private static final int MOST_NAMES = 1 << 17;

  /** The coarsest clock of a file system in use, that of FAT. */
  private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

  private final Clock clock;
  private volatile @Nullable Listing last;

  FolderNames(Clock clock) {
    this.clock = clock;
  }

  /** Names of a directory, none of which is written to any more. */
  private record Listing(Path directory, Instant modified, NavigableSet<String> names) {}

  /** Reads the names of a directory. */
  @FunctionalInterface
  interface Reader {
    /**
     * Gives them one after the other, until there are no more, or no more are wanted.
     *
     * @throws IOException if it cannot be read
     */
    void readTo(Sink sink) throws IOException;
  }

  /** Takes names. */
  @FunctionalInterface
  interface Sink {
    /** Takes one, and tells whether it wants more. */
    boolean take(String name);
  }

  /**
   * Gives the names that start so.
   *
   * @param reader reads the directory, where that has to be done
   * @return empty where there are more names than are held, of which nothing was given
   */
  Optional<NavigableSet<String>> startingWith(Path directory, String start, Reader reader)
      throws IOException {
    Listing held = last;
    Optional<Instant> modified = modified(directory);
    if (held != null
        && held.directory.equals(directory)
        && modified.equals(Optional.of(held.modified))) {
      return Optional.of(starting(held.names, start));
    }
    // Before it is read: what changes from here on gives it another time, unless the clock still
    // shows the one that it has.
    boolean atRest =
        modified.isPresent() && modified.get().plus(CLOCK_TICK).isBefore(clock.instant());
    NavigableSet<String> names = new TreeSet<>();
    reader.readTo(name -> names.size() <= MOST_NAMES && names.add(name));
    if (names.size() > MOST_NAMES) {
      return Optional.empty();
    }
    if (atRest) {
      last = new Listing(directory, modified.get(), names);
    }
    return Optional.of(starting(names, start));
  }

  private static NavigableSet<String> starting(NavigableSet<String> names, String start) {
    return names.subSet(start, true, start + Character.MAX_VALUE, true);
  }

  private static Optional<Instant> modified(Path directory) {
    try {
      return Optional.of(
          Files.readAttributes(directory, BasicFileAttributes.class)
              .lastModifiedTime()
              .toInstant());
    } catch (IOException unreadable) {
      // Or not there. To read it tells which.
      return Optional.empty();
    }
  }
}
