package io.castore.feeds.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the operating system that something happened in directories: soon, but not for
 * certain, so somebody has to look by themselves now and then.
 *
 * <p>Used by one thread.
 */
final class DirectoryEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DirectoryEvents.class);

  private final WatchService events;
  private boolean full;

  DirectoryEvents() throws IOException {
    events = FileSystems.getDefault().newWatchService();
  }

  /** Begins to hear of a directory; of one that it hears of already, this changes nothing. */
  void add(Path directory) {
    if (full) {
      return;
    }
    try {
      WatchKey unused =
          directory.register(
              events, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException refused) {
      full = true;
      log.warn(
          "{} and further directories are looked through every now and then only: {}",
          directory,
          refused.getMessage());
    }
  }

  /**
   * Waits for events, and gives the paths that they are about.
   *
   * @return whether some events were lost
   */
  boolean await(Duration timeout, Consumer<Path> visitor) throws InterruptedException {
    boolean lost = false;
    try {
      WatchKey key = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      for (; key != null; key = events.poll()) {
        for (WatchEvent<?> event : key.pollEvents()) {
          if (event.context() instanceof Path name && key.watchable() instanceof Path directory) {
            visitor.accept(directory.resolve(name));
          } else {
            lost = true;
          }
        }
        // A key of a directory that is gone is invalid from then on.
        boolean unused = key.reset();
      }
    } catch (ClosedWatchServiceException closed) {
      throw new InterruptedException();
    }
    return lost;
  }

  @Override
  public void close() {
    try {
      events.close();
    } catch (IOException failure) {
      log.debug("Directory events cannot be closed", failure);
    }
  }
}
