package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.files.FailureReason;
import io.castore.cli.files.RestoreTarget;
import io.castore.cli.listing.RestoreItem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes files below a directory, many at a time, and tells of each that cannot be.
 *
 * <p>Safe for use by many threads.
 */
final class RestoreRun {
  private static final int QUEUE = 1024;
  private static final int COPY_BYTES = 512 << 10;

  private final RestoreTarget target;
  private final BlobSource blobs;
  private final Output output;
  private final boolean json;
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable IOException> unusable = new AtomicReference<>();

  /**
   * Prepares to write.
   *
   * @param json whether each file is told as a result
   */
  RestoreRun(RestoreTarget target, BlobSource blobs, Output output, boolean json) {
    this.target = target;
    this.blobs = blobs;
    this.output = output;
    this.json = json;
  }

  /** Gives files one after the other. */
  @FunctionalInterface
  interface Items {
    /** Gives them all, as long as there is a use in that. */
    void giveTo(Sink sink) throws IOException;
  }

  /** Takes files. */
  interface Sink {
    /** Has a file written, now or soon. */
    void write(RestoreItem item);

    /** Takes note of what cannot be written. */
    void fail(String name, String reason);

    /** Whether no more is to be given: the store, or the service, cannot be used. */
    boolean isInVain();
  }

  /**
   * Writes all files that are given.
   *
   * @throws IOException if the store, or the service, cannot be used
   */
  void run(Items items) throws IOException, InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    ThreadPoolExecutor writers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            // Files are named no faster than they are written.
            new ThreadPoolExecutor.CallerRunsPolicy());
    try {
      items.giveTo(new Writing(writers));
    } finally {
      writers.shutdown();
      // Bounded by the reads of the blobs, each of which is.
      while (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
        output.note(files.sum() + " files restored so far");
      }
    }
    output.flush();
    IOException given = unusable.get();
    if (given != null) {
      throw given;
    }
  }

  /** How many files were written. */
  long files() {
    return files.sum();
  }

  /** How many bytes those have. */
  long bytes() {
    return bytes.sum();
  }

  /** How many files could not be written. */
  long failures() {
    return failures.sum();
  }

  private final class Writing implements Sink {
    private final ThreadPoolExecutor writers;

    Writing(ThreadPoolExecutor writers) {
      this.writers = writers;
    }

    @Override
    public void write(RestoreItem item) {
      writers.execute(() -> restore(item));
    }

    @Override
    public void fail(String name, String reason) {
      RestoreRun.this.fail(name, reason);
    }

    @Override
    public boolean isInVain() {
      return unusable.get() != null;
    }
  }

  private void restore(RestoreItem item) {
    try (SeekableByteChannel blob = blobs.open(item.digest())) {
      long size = blob.size();
      if (item.size().isPresent() && item.size().getAsLong() != size) {
        fail(
            item.path(),
            "the blob has %d bytes (expected: %d, as listed)"
                .formatted(size, item.size().getAsLong()));
        return;
      }
      target.write(item.path(), item.pathUri(), out -> copy(blob, out));
      files.increment();
      bytes.add(size);
      if (json) {
        output.result(
            JsonNodeFactory.instance
                .objectNode()
                .put("path", item.path())
                .put("size", size)
                .put("digest", item.digest().toHex()));
      }
    } catch (IOException failed) {
      if (Failures.exitCode(failed) == ExitCode.UNREACHABLE) {
        unusable.compareAndSet(null, failed);
      } else {
        fail(item.path(), FailureReason.of(failed));
      }
    } catch (RuntimeException failed) {
      fail(item.path(), String.valueOf(failed.getMessage()));
    }
  }

  /** Copies a chunk at a time, where it fits: the file system takes large pieces for less. */
  private static void copy(SeekableByteChannel blob, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(blob.size(), COPY_BYTES));
    while (buffer.hasRemaining() && blob.read(buffer) > 0) {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  private void fail(String name, String reason) {
    failures.increment();
    output.note(name + ": " + reason);
    if (json) {
      try {
        output.result(JsonNodeFactory.instance.objectNode().put("path", name).put("error", reason));
      } catch (IOException unread) {
        // Nobody reads the results any more; the note has told.
      }
    }
  }
}
