package io.castore.feeds.watch;

import io.castore.proto.pipeline.SourceVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells which files have come to rest: their size and their modification time were the same for a
 * while, as they were looked at here, and by the time of modification itself.
 *
 * <p>Not thread-safe.
 */
final class RestingFiles {
  private final long restNanos;
  private final Map<Path, Seen> files = new LinkedHashMap<>();

  /**
   * Begins with none.
   *
   * @param rest for how long a file has to be the same
   */
  RestingFiles(Duration rest) {
    restNanos = rest.toNanos();
  }

  /** A file as it was seen first. */
  private record Seen(SourceVersion version, long atNanos) {}

  /**
   * Notes how a file is.
   *
   * @param nowNanos of {@link System#nanoTime}
   * @param nowMs since 1970
   * @return whether it has come to rest; it is forgotten then
   */
  boolean look(Path file, SourceVersion version, long nowNanos, long nowMs) {
    Seen seen = files.get(file);
    if (seen == null || !seen.version().equals(version)) {
      files.put(file, new Seen(version, nowNanos));
      return false;
    }
    long ageNanos = TimeUnit.MILLISECONDS.toNanos(nowMs) - version.getModifiedAtNs();
    boolean rests = nowNanos - seen.atNanos() >= restNanos && ageNanos >= restNanos;
    if (rests) {
      files.remove(file);
    }
    return rests;
  }

  /** Forgets a file. */
  void forget(Path file) {
    files.remove(file);
  }

  /** Gives the files that have not come to rest, in the order in which they were noted first. */
  List<Path> files() {
    return List.copyOf(files.keySet());
  }

  /** Tells how many they are. */
  int size() {
    return files.size();
  }
}
