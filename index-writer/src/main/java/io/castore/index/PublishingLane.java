package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.index.Publication.WholeUpload;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes uploads one after another as far as making their lists goes, and many at a time as far
 * as writing them goes.
 *
 * <p>Belongs to the stream thread. What came of an upload is given to {@code results} on any
 * thread.
 */
final class PublishingLane implements Closeable {
  private final ChunkRows rows;
  private final Spools spools;
  private final BlobPublisher publisher;
  private final StoreWorkers workers;
  private final Semaphore permits;
  private final Consumer<Result> results;
  private final Deque<WholeUpload> waiting = new ArrayDeque<>();
  private @Nullable Publication reading;

  /** Opens a place for a list. */
  @FunctionalInterface
  interface Spools {
    ListSpool open() throws IOException;
  }

  /**
   * What came of an upload.
   *
   * @param conflict why it cannot be published
   * @param failure why it is not known whether it was published
   */
  record Result(WholeUpload upload, Optional<String> conflict, Optional<Throwable> failure) {}

  PublishingLane(
      ChunkRows rows,
      Spools spools,
      BlobPublisher publisher,
      StoreWorkers workers,
      Semaphore permits,
      Consumer<Result> results) {
    this.rows = rows;
    this.spools = spools;
    this.publisher = publisher;
    this.workers = workers;
    this.permits = permits;
    this.results = results;
  }

  void add(WholeUpload upload) {
    waiting.add(upload);
  }

  /**
   * Makes lists, and hands those over that are made, as far as there are permits.
   *
   * @param limit how many rows are read at most
   * @throws UncheckedIOException if a list cannot be kept
   */
  void advance(int limit) {
    int left = limit;
    try {
      while (left > 0) {
        if (reading == null) {
          if (waiting.isEmpty() || !permits.tryAcquire()) {
            return;
          }
          reading = open(waiting.remove());
        }
        // A list without rows takes its time, too.
        left -= Math.max(1, reading.read(left));
        if (!reading.isRead()) {
          return;
        }
        Publication read = reading;
        reading = null;
        handOver(read);
      }
    } catch (IOException notKept) {
      throw new UncheckedIOException(notKept);
    }
  }

  private Publication open(WholeUpload upload) throws IOException {
    try {
      return new Publication(upload, rows, spools.open());
    } catch (IOException notOpened) {
      permits.release();
      throw notOpened;
    }
  }

  private void handOver(Publication read) throws IOException {
    if (read.fault().isPresent()) {
      read.close();
      permits.release();
      results.accept(new Result(read.whole(), read.fault(), Optional.empty()));
      return;
    }
    Digest blob = read.blob();
    EncodedList list = read.list();
    workers.execute(() -> publish(read.whole(), blob, list));
  }

  private void publish(WholeUpload upload, Digest blob, EncodedList list) {
    Result result;
    try (list) {
      result = new Result(upload, publisher.publish(blob, list), Optional.empty());
    } catch (IOException | RuntimeException | Error failed) {
      result = new Result(upload, Optional.empty(), Optional.of(failed));
    }
    permits.release();
    results.accept(result);
  }

  /** Gives up what has not been handed over. What has been comes to its end, unheard. */
  @Override
  public void close() throws IOException {
    waiting.clear();
    if (reading != null) {
      reading.close();
      reading = null;
      permits.release();
    }
  }
}
