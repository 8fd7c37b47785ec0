package io.castore.pipeline.sources;

import io.castore.proto.pipeline.SourceVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether a source is, as it is seen now, what was ingested of it. An object is where its
 * ETag and its size are the same. A file is where its size, its modification time, its inode and
 * the inode's change time are.
 *
 * <p>A file that had been written to shortly before it was read is not trusted: what was written
 * right after it was read may have left the same times. Nor is one of which these facts were not
 * noted, as before there were fields for them. Both are read again, which notes the facts anew.
 */
public final class UnchangedVersion {
  /** The coarsest clock of a file system in use, that of FAT, in nanoseconds. */
  private static final long CLOCK_TICK_NANOS = Duration.ofSeconds(2).toNanos();

  private UnchangedVersion() {}

  /**
   * Tells whether a version that is seen is the one that is known.
   *
   * @param known as it was ingested
   * @param seen as the source is now
   */
  public static boolean isSame(SourceVersion known, SourceVersion seen) {
    if (seen.getSize() != known.getSize() || !seen.getEtag().equals(known.getEtag())) {
      return false;
    }
    return !seen.getEtag().isEmpty() || (isSameFile(known, seen) && wasAtRest(known));
  }

  private static boolean isSameFile(SourceVersion known, SourceVersion seen) {
    return seen.getModifiedAtNs() != 0
        && seen.getModifiedAtNs() == known.getModifiedAtNs()
        && seen.getInode() == known.getInode()
        && seen.getChangedAtNs() == known.getChangedAtNs();
  }

  private static boolean wasAtRest(SourceVersion known) {
    long newestNanos = Math.max(known.getModifiedAtNs(), known.getChangedAtNs());
    return TimeUnit.MILLISECONDS.toNanos(known.getReadAtMs()) - newestNanos >= CLOCK_TICK_NANOS;
  }
}
