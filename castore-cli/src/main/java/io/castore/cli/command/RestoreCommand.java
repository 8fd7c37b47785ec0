package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.files.FailureReason;
import io.castore.cli.files.RestoreTarget;
import io.castore.cli.listing.ListedLine;
import io.castore.cli.listing.RestoreItem;
import io.castore.cli.listing.RestoreList;
import io.castore.cli.progress.ProgressText;
import io.castore.cli.system.ReadStore;
import io.castore.content.blob.BlobReader;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
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
  private final AtomicReference<@Nullable IOException> storeFailure = new AtomicReference<>();

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
    try (ObjectStore store = ReadStore.open(options().config());
        RestoreList items = new RestoreList(openList());
        RestoreTarget target = RestoreTarget.open(directory)) {
      restoreAll(items, target, new BlobReader(store), store);
    }
    output.flush();
    IOException unusable = storeFailure.get();
    if (unusable != null) {
      throw unusable;
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

  private void restoreAll(
      RestoreList items, RestoreTarget target, BlobReader blobs, ObjectStore store)
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
      while (line.isPresent() && storeFailure.get() == null) {
        if (line.get() instanceof ListedLine.Bad<RestoreItem> bad) {
          fail(list, bad.message());
        } else if (line.get() instanceof ListedLine.Good<RestoreItem> good) {
          writers.execute(() -> restore(good.value(), target, blobs, store));
        }
        line = items.next();
      }
    } finally {
      writers.shutdown();
      // Bounded by the reads of the store, each of which is.
      while (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
        output.note(files.sum() + " files restored so far");
      }
    }
  }

  private void restore(
      RestoreItem item, RestoreTarget target, BlobReader blobs, ObjectStore store) {
    try {
      ChunkList blob = Blobs.require(blobs, item.digest(), store);
      if (item.size().isPresent() && item.size().getAsLong() != blob.size()) {
        fail(
            item.path(),
            "the blob has %d bytes (expected: %d, as listed)"
                .formatted(blob.size(), item.size().getAsLong()));
        return;
      }
      target.write(
          item.path(),
          item.pathUri(),
          out -> {
            try (InputStream content = blobs.open(blob)) {
              content.transferTo(out);
            }
          });
      files.increment();
      bytes.add(blob.size());
      if (options().json()) {
        output.result(
            JsonNodeFactory.instance
                .objectNode()
                .put("path", item.path())
                .put("size", blob.size())
                .put("digest", item.digest().toHex()));
      }
    } catch (StoreUnavailableException | StoreRefusedException unusable) {
      storeFailure.compareAndSet(null, unusable);
    } catch (IOException | RuntimeException failed) {
      fail(item.path(), reason(failed));
    }
  }

  private static String reason(Exception failed) {
    return failed instanceof IOException io
        ? FailureReason.of(io)
        : String.valueOf(failed.getMessage());
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
