package io.castore.feeds.watch;

import io.castore.feeds.KnownSources;
import io.castore.ingest.FileSource;
import io.castore.ingest.FileVersion;
import io.castore.pipeline.config.WatchSettings;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after directories, with all below them: ingests each regular file that is new or has
 * changed, when it has come to rest. It hears of files soon, and looks through everything at its
 * start and every so often, so that nothing is lost for good. Symbolic links are not followed.
 *
 * <p>Runs on a thread of its own. Memory is bounded: while {@value #MOST_WAITING} files have not
 * come to rest, it looks no further.
 */
final class DirectoryFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DirectoryFollower.class);
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_NAMED = 10_000;
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private final WatchSettings settings;
  private final List<Path> leftOut;
  private final KnownSources known;
  private final SourceRunner runner;
  private final WatchCounters counters;
  private final Consumer<Throwable> onFatal;
  private final long rescanNanos;
  private final DirectoryEvents events;
  private final RestingFiles resting;
  private final Map<Path, SourceVersion> underWay = new ConcurrentHashMap<>();
  private final Map<Path, String> named = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "watch-directories");

  private DirectoryFollower(
      WatchSettings settings,
      List<Path> leftOut,
      KnownSources known,
      SourceRunner runner,
      WatchCounters counters,
      Duration rescan,
      Consumer<Throwable> onFatal)
      throws IOException {
    this.settings = settings;
    this.leftOut = leftOut;
    this.known = known;
    this.runner = runner;
    this.counters = counters;
    this.onFatal = onFatal;
    rescanNanos = rescan.toNanos();
    resting = new RestingFiles(settings.stableFor());
    events = new DirectoryEvents();
  }

  /**
   * Starts to look after the directories of the settings.
   *
   * @param leftOut directories that are passed over, such as the store's own
   * @param rescan how often everything is looked through
   * @param onFatal told when it cannot go on
   * @throws IOException if a directory is none, or the operating system refuses to tell of files
   */
  static DirectoryFollower start(
      WatchSettings settings,
      List<Path> leftOut,
      KnownSources known,
      SourceRunner runner,
      WatchCounters counters,
      Duration rescan,
      Consumer<Throwable> onFatal)
      throws IOException {
    for (Path directory : settings.directories()) {
      if (!Files.isDirectory(directory)) {
        throw new IOException(
            "directory to watch: %s (expected: a directory that exists)".formatted(directory));
      }
    }
    DirectoryFollower follower =
        new DirectoryFollower(settings, leftOut, known, runner, counters, rescan, onFatal);
    follower.thread.setDaemon(true);
    follower.thread.start();
    return follower;
  }

  private void run() {
    try (events) {
      long nextScan = System.nanoTime();
      while (!Thread.interrupted()) {
        if (System.nanoTime() - nextScan >= 0) {
          scanAll();
          nextScan = System.nanoTime() + rescanNanos;
        }
        if (events.await(waitTime(), this::lookAt)) {
          nextScan = System.nanoTime();
        }
        settle();
      }
    } catch (InterruptedException closed) {
      // By close().
    } catch (RuntimeException fault) {
      if (!thread.isInterrupted()) {
        onFatal.accept(fault);
      }
    }
  }

  private Duration waitTime() {
    Duration half = settings.stableFor().dividedBy(2);
    return half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
  }

  private void scanAll() throws InterruptedException {
    for (Path directory : settings.directories()) {
      scan(directory);
    }
  }

  private void scan(Path top) throws InterruptedException {
    try {
      Path unused = Files.walkFileTree(top, new Scan());
    } catch (IOException failure) {
      if (failure.getCause() instanceof InterruptedException closed) {
        throw closed;
      }
      name(top, String.valueOf(failure.getMessage()));
    }
  }

  private void lookAt(Path path) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        scan(path);
      } else {
        offer(path);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void offer(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        offer(file, FileVersion.read(file, LinkOption.NOFOLLOW_LINKS));
      }
    } catch (NoSuchFileException vanished) {
      resting.forget(file);
    } catch (IOException unreadable) {
      name(file, String.valueOf(unreadable.getMessage()));
    }
  }

  private void offer(Path file, SourceVersion version) throws IOException {
    if (!version.equals(underWay.get(file)) && !known.isUnchanged(nameOf(file), version)) {
      boolean unused = resting.look(file, version, System.nanoTime(), System.currentTimeMillis());
    }
  }

  private static String nameOf(Path file) {
    return new FileSource(file).name();
  }

  /** Begins the files that have come to rest. */
  private void settle() throws InterruptedException {
    for (Path file : resting.files()) {
      try {
        SourceVersion version = FileVersion.read(file, LinkOption.NOFOLLOW_LINKS);
        if (resting.look(file, version, System.nanoTime(), System.currentTimeMillis())) {
          begin(new WatchedFile(file, nameOf(file), version));
        }
      } catch (NoSuchFileException vanished) {
        resting.forget(file);
        counters.vanished();
      } catch (IOException unreadable) {
        resting.forget(file);
        name(file, String.valueOf(unreadable.getMessage()));
      }
    }
  }

  private void begin(WatchedFile file) throws InterruptedException {
    runner.awaitRoom();
    counters.files.increment();
    underWay.put(file.path(), file.version());
    CompletableFuture<Void> unused =
        runner.run(file).thenAccept(result -> ended(file, result)).exceptionally(this::fail);
  }

  private void ended(WatchedFile file, WatchResult result) {
    underWay.remove(file.path(), file.version());
    counters.ended(result);
    if (result instanceof WatchResult.Failed failed) {
      name(file.path(), failed.reason());
    } else {
      named.remove(file.path());
    }
  }

  private @Nullable Void fail(Throwable failure) {
    onFatal.accept(failure);
    return null;
  }

  /** Names what cannot be ingested once, though it is tried again with each look. */
  private void name(Path path, String reason) {
    if (named.size() < MOST_NAMED && named.putIfAbsent(path, reason) == null) {
      log.warn("{}: {}", path, reason);
    }
  }

  /** Goes through a tree. */
  private final class Scan extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      for (Path other : leftOut) {
        if (Files.exists(other) && Files.isSameFile(directory, other)) {
          return FileVisitResult.SKIP_SUBTREE;
        }
      }
      events.add(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        return FileVisitResult.TERMINATE;
      }
      if (attributes.isRegularFile()) {
        offer(file);
      }
      try {
        while (resting.size() >= MOST_WAITING) {
          settle();
          TimeUnit.MILLISECONDS.sleep(waitTime().toMillis());
        }
      } catch (InterruptedException closed) {
        throw new IOException(closed);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      if (failure instanceof AccessDeniedException) {
        if (!named.containsKey(file)) {
          counters.denied();
        }
        name(file, "permission denied");
      } else if (!(failure instanceof NoSuchFileException)) {
        name(file, String.valueOf(failure.getMessage()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
      if (failure != null) {
        name(directory, String.valueOf(failure.getMessage()));
      }
      return FileVisitResult.CONTINUE;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
