package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.files.ContentCheck;
import io.castore.cli.files.Found;
import io.castore.cli.files.PathText;
import io.castore.cli.files.SourceTree;
import io.castore.cli.listing.ChecksumLine;
import io.castore.cli.listing.ManifestEntry;
import io.castore.cli.listing.ManifestWriter;
import io.castore.ingest.FileSource;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.ingest.StreamSource;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ingests what a person named and tells of each file, in the order in which they were named and
 * found, while many are on their way. Used once, by one thread.
 */
final class IngestRun {
  /** Standard input, as an argument and in the results. */
  static final String STANDARD_INPUT = "-";

  private static final int MOST_UNTOLD = 16_384;

  /** So far a walk goes on until it is known what is unchanged; they take some 20 MB. */
  private static final int MOST_AHEAD = 32_768;

  /** They come by the ten thousands a second, and to hand over each would take most of that. */
  private static final int UNCHANGED_AT_A_TIME = 256;

  /** Where their contents are checked, the cores are to share the work. */
  private static final long CHECKED_BYTES_AT_A_TIME = 8 << 20;

  private final FileIngest ingest;
  private final SourceTree tree;
  private final Output output;
  private final boolean json;
  private final @Nullable ManifestWriter manifest;
  private final @Nullable ContentCheck check;
  private final BooleanSupplier interrupted;
  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(MOST_UNTOLD);
  private final LongAdder unchangedFiles = new LongAdder();
  private final LongAdder unchangedBytes = new LongAdder();

  /** What was found before it was known what is unchanged; of the walk. */
  private final Deque<Found> ahead = new ArrayDeque<>();

  /** Unchanged files that were not handed over; of the walk. */
  private List<Unchanged> unchanged = new ArrayList<>();

  /** Their length; of the walk. */
  private long unhandedBytes;

  private boolean anyFailed;

  /**
   * Ingests.
   *
   * @param check reads files that seem to be unchanged; null where none of them is read
   */
  IngestRun(
      FileIngest ingest,
      SourceTree tree,
      Output output,
      boolean json,
      @Nullable ManifestWriter manifest,
      @Nullable ContentCheck check,
      BooleanSupplier interrupted) {
    this.ingest = ingest;
    this.tree = tree;
    this.output = output;
    this.json = json;
    this.manifest = manifest;
    this.check = check;
    this.interrupted = interrupted;
  }

  /** A file that is in the store as it is, and what was ingested of it. */
  private record Unchanged(Found.RegularFile file, SourceEntry entry) {
    ContentCheck.Expected expected() {
      return new ContentCheck.Expected(file.path(), entry.getSize(), SourceText.digest(entry));
    }
  }

  /** What the walk hands over to be told of. */
  private sealed interface Step {
    record Submitted(PathText name, CompletableFuture<IngestOutcome> outcome) implements Step {}

    record AsBefore(List<Unchanged> files) implements Step {}

    record Checked(List<Unchanged> files, CompletableFuture<BitSet> others) implements Step {}

    record NotTaken(Found found) implements Step {}

    record End(@Nullable RuntimeException failure) implements Step {}
  }

  /**
   * Ingests everything.
   *
   * @return whether nothing failed
   * @throws PipelineUnavailableException if Kafka, or the service, cannot be used any more
   * @throws IOException if results cannot be written
   */
  boolean ingest(List<String> arguments)
      throws PipelineUnavailableException, IOException, InterruptedException {
    Thread walk = new Thread(() -> walk(arguments), "walk");
    walk.setDaemon(true);
    walk.start();
    while (true) {
      Step step = steps.poll();
      if (step == null) {
        // Nothing to tell for now, so what was told should be seen.
        output.flush();
        step = steps.take();
      }
      if (step instanceof Step.End end) {
        if (end.failure() instanceof UncheckedIOException unreadable) {
          throw unreadable.getCause();
        }
        if (end.failure() != null) {
          throw end.failure();
        }
        output.flush();
        return !anyFailed;
      }
      if (step instanceof Step.NotTaken notTaken) {
        tell(notTaken.found());
      } else if (step instanceof Step.AsBefore asBefore) {
        for (Unchanged file : asBefore.files()) {
          tell(file);
        }
      } else if (step instanceof Step.Checked checked) {
        tell(checked);
      } else if (step instanceof Step.Submitted submitted) {
        tell(submitted.name(), await(submitted.outcome()));
      }
    }
  }

  private <T> T await(CompletableFuture<T> outcome)
      throws PipelineUnavailableException, IOException, InterruptedException {
    if (!outcome.isDone()) {
      output.flush();
    }
    try {
      return outcome.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof PipelineUnavailableException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  private void walk(List<String> arguments) {
    RuntimeException failure = null;
    try {
      for (String argument : arguments) {
        if (argument.equals(STANDARD_INPUT)) {
          takeAhead();
          submit(new PathText(STANDARD_INPUT, null), new StreamSource("stdin:-", () -> System.in));
        } else {
          tree.<InterruptedException>walk(List.of(argument), this::find);
        }
      }
      takeAhead();
      handUnchanged();
    } catch (InterruptedException | RejectedExecutionException ended) {
      // Told to end: what was taken is told of, and nothing more is taken.
    } catch (RuntimeException fault) {
      failure = fault;
    }
    hand(new Step.End(failure));
  }

  private void find(Found found) throws InterruptedException {
    if (ahead.isEmpty() && !(found instanceof Found.RegularFile)) {
      take(found);
      return;
    }
    ahead.add(found);
    if (ahead.size() >= MOST_AHEAD || ingest.knowsUnchanged()) {
      takeAhead();
    }
  }

  private void takeAhead() throws InterruptedException {
    while (!ahead.isEmpty()) {
      take(ahead.remove());
    }
  }

  private void take(Found found) throws InterruptedException {
    if (found instanceof Found.RegularFile file) {
      Optional<SourceEntry> before = findUnchanged(file);
      if (before.isPresent()) {
        unchanged.add(new Unchanged(file, before.get()));
        unhandedBytes += file.size();
        if (unchanged.size() == UNCHANGED_AT_A_TIME
            || (check != null && unhandedBytes >= CHECKED_BYTES_AT_A_TIME)) {
          handUnchanged();
        }
      } else {
        submit(file.name(), new FileSource(file.path()));
      }
    } else if (found instanceof Found.Stream pipe) {
      submit(
          pipe.name(),
          new StreamSource(
              pipe.path().toAbsolutePath().toUri().toString(),
              () -> Files.newInputStream(pipe.path())));
    } else {
      handUnchanged();
      steps.put(new Step.NotTaken(found));
    }
  }

  private Optional<SourceEntry> findUnchanged(Found.RegularFile file) {
    try {
      return ingest.findUnchanged(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void handUnchanged() throws InterruptedException {
    if (!unchanged.isEmpty()) {
      steps.put(
          check == null
              ? new Step.AsBefore(unchanged)
              : new Step.Checked(
                  unchanged,
                  check.findOthers(unchanged.stream().map(Unchanged::expected).toList())));
      unchanged = new ArrayList<>();
      unhandedBytes = 0;
    }
  }

  private void submit(PathText name, Source source) throws InterruptedException {
    handUnchanged();
    steps.put(new Step.Submitted(name, ingest.submit(source)));
  }

  private void hand(Step last) {
    boolean handed = false;
    while (!handed) {
      try {
        steps.put(last);
        handed = true;
      } catch (InterruptedException again) {
        // The reader of the queue waits for this one.
      }
    }
  }

  private void tell(Found found) throws IOException {
    if (found instanceof Found.Skipped skipped) {
      output.note(skipped.name().shown() + ": skipped: " + skipped.reason());
    } else if (found instanceof Found.Failed failed) {
      fail(failed.name(), failed.reason());
    }
  }

  private void tell(PathText name, IngestOutcome outcome) throws IOException {
    if (outcome instanceof IngestOutcome.Failed failed) {
      fail(name, failed.reason());
    } else if (outcome instanceof IngestOutcome.Complete blob) {
      tell(
          new ManifestEntry(
              name.shown(),
              name.uri(),
              blob.size(),
              blob.digest(),
              blob.uploadId().uuid(),
              blob.chunks(),
              blob.newChunks(),
              blob.newBytes(),
              false));
    }
  }

  private void tell(Step.Checked checked)
      throws PipelineUnavailableException, IOException, InterruptedException {
    List<Unchanged> files = checked.files();
    BitSet others = await(checked.others());
    Map<Integer, CompletableFuture<IngestOutcome>> outcomes = new HashMap<>();
    for (int i = others.nextSetBit(0); i >= 0; i = others.nextSetBit(i + 1)) {
      outcomes.put(i, submitChecked(files.get(i).file()));
    }
    for (int i = 0; i < files.size(); i++) {
      CompletableFuture<IngestOutcome> outcome = outcomes.get(i);
      if (outcome == null) {
        tell(files.get(i));
      } else {
        tell(files.get(i).file().name(), await(outcome));
      }
    }
  }

  private CompletableFuture<IngestOutcome> submitChecked(Found.RegularFile file)
      throws InterruptedException {
    try {
      return ingest.submit(new FileSource(file.path()));
    } catch (RejectedExecutionException ended) {
      return CompletableFuture.completedFuture(
          new IngestOutcome.Failed(String.valueOf(ended.getMessage())));
    }
  }

  private void tell(Unchanged unchangedFile) throws IOException {
    PathText name = unchangedFile.file().name();
    SourceEntry before = unchangedFile.entry();
    tell(
        new ManifestEntry(
            name.shown(),
            name.uri(),
            before.getSize(),
            SourceText.digest(before),
            UploadId.of(before.getUploadId().toByteArray()).uuid(),
            before.getChunkCount(),
            0,
            0,
            true));
    unchangedFiles.increment();
    unchangedBytes.add(before.getSize());
  }

  private void tell(ManifestEntry entry) throws IOException {
    if (manifest != null) {
      manifest.write(entry);
    }
    output.result(json ? entry.format() : new ChecksumLine(entry.digest(), entry.path()).format());
  }

  /** Tells how many files were in the store as they are, by now. */
  long unchanged() {
    return unchangedFiles.sum();
  }

  /** Tells how far this has come. What is in the store as it is counts as read and stored. */
  IngestProgress progress() {
    IngestProgress now = ingest.progress();
    long bytes = unchangedBytes.sum();
    return new IngestProgress(
        now.bytesRead() + (check == null ? bytes : check.bytesRead()),
        now.bytesStored() + bytes,
        now.complete() + unchangedFiles.sum(),
        now.failed(),
        now.bytesComplete() + bytes,
        now.newChunks(),
        now.newBytes(),
        now.waitsFor());
  }

  private void fail(PathText name, String reason) throws IOException {
    anyFailed = true;
    if (interrupted.getAsBoolean()) {
      return;
    }
    output.note(name.shown() + ": " + reason);
    if (json) {
      output.result(
          JsonNodeFactory.instance.objectNode().put("path", name.shown()).put("error", reason));
    }
  }
}
