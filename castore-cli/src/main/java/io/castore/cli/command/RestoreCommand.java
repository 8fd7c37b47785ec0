package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.files.FailureReason;
import io.castore.cli.files.RestoreTarget;
import io.castore.cli.listing.ListedLine;
import io.castore.cli.listing.RestoreItem;
import io.castore.cli.listing.RestoreList;
import io.castore.cli.progress.ProgressText;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes listed files below a directory. */
@Command(
    name = "restore",
    description = {
      "Writes every file of a list below a directory, and never outside it. The list is a manifest, or has lines"
          + " \"<digest>  <path>\" as ingest prints them.",
      "",
      "Restores contents alone: no modes, times, links or empty directories. A leading / of a path is dropped. A file"
          + " that is there is replaced, when its content is whole."
    })
final class RestoreCommand extends CastoreCommand {
  private static final int QUEUE = 1024;

  private final Output output;
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable IOException> unusable = new AtomicReference<>();

  @Parameters(
      index = "0",
      paramLabel = "LIST",
      description = "The list's file, or - for standard input.")
  private String list = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The directory. Made where it is missing.")
  private Path directory = Path.of("");

  RestoreCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    try (BlobSource blobs = BlobSource.open(options());
        RestoreList items = new RestoreList(openList());
        RestoreTarget target = RestoreTarget.open(directory)) {
      restoreAll(items, target, blobs);
    }
    output.flush();
    IOException given = unusable.get();
    if (given != null) {
      throw given;
    }
    if (!options().quiet()) {
      double seconds = (System.nanoTime() - start) / 1e9;
      output.note(
          ProgressText.done(files.sum(), bytes.sum(), seconds)
              + (failures.sum() == 0 ? "" : "; " + failures.sum() + " failed"));
    }
    return failures.sum() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private InputStream openList() throws IOException {
    try {
      return list.equals("-") ? System.in : new FileInputStream(list);
    } catch (FileNotFoundException unreadable) {
      throw new IOException("cannot read the list: " + unreadable.getMessage(), unreadable);
    }
  }

  private void restoreAll(RestoreList items, RestoreTarget target, BlobSource blobs)
      throws IOException, InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    ThreadPoolExecutor writers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            // The list is read no faster than its files are written.
            new ThreadPoolExecutor.CallerRunsPolicy());
    try {
      Optional<ListedLine<RestoreItem>> line = items.next();
      while (line.isPresent() && unusable.get() == null) {
        if (line.get() instanceof ListedLine.Bad<RestoreItem> bad) {
          fail(list, bad.message());
        } else if (line.get() instanceof ListedLine.Good<RestoreItem> good) {
          writers.execute(() -> restore(good.value(), target, blobs));
        }
        line = items.next();
      }
    } finally {
      writers.shutdown();
      // Bounded by the reads of the blobs, each of which is.
      while (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
        output.note(files.sum() + " files restored so far");
      }
    }
  }

  private void restore(RestoreItem item, RestoreTarget target, BlobSource blobs) {
    try (SeekableByteChannel blob = blobs.open(item.digest())) {
      long size = blob.size();
      if (item.size().isPresent() && item.size().getAsLong() != size) {
        fail(
            item.path(),
            "the blob has %d bytes (expected: %d, as listed)"
                .formatted(size, item.size().getAsLong()));
        return;
      }
      target.write(
          item.path(), item.pathUri(), out -> Channels.newInputStream(blob).transferTo(out));
      files.increment();
      bytes.add(size);
      if (options().json()) {
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

  private void fail(String name, String reason) {
    failures.increment();
    output.note(name + ": " + reason);
    if (options().json()) {
      try {
        output.result(JsonNodeFactory.instance.objectNode().put("path", name).put("error", reason));
      } catch (IOException unread) {
        // Nobody reads the results any more; the note has told.
      }
    }
  }
}
