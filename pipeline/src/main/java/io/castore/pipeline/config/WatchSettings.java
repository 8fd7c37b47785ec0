package io.castore.pipeline.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the role {@code watch} follows, and how much of it at a time.
 *
 * @param topic the topic of S3 bucket notifications, if any
 * @param directories directories that are looked after, with all below them
 * @param stableFor for how long a file has to stay the same before it is ingested
 * @param concurrency how many objects and files are under way at a time
 * @param perSecond how many are begun in a second at most; 0 for no limit
 * @param attempts how often an object that cannot be read for the moment is tried
 */
public record WatchSettings(
    Optional<String> topic,
    List<Path> directories,
    Duration stableFor,
    int concurrency,
    long perSecond,
    int attempts) {
  /** Whether there is anything to follow. */
  public boolean isAny() {
    return topic.isPresent() || !directories.isEmpty();
  }
}
