package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.files.Found;
import io.castore.cli.files.PathText;
import io.castore.cli.files.SourceTree;
import io.castore.cli.listing.ChecksumLine;
import io.castore.cli.listing.ManifestEntry;
import io.castore.cli.listing.ManifestWriter;
import io.castore.ingest.FileSource;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.ingest.StreamSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
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

  private final FileIngest ingest;
  private final SourceTree tree;
  private final Output output;
  private final boolean json;
  private final @Nullable ManifestWriter manifest;
  private final BooleanSupplier interrupted;
  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(MOST_UNTOLD);
  private boolean anyFailed;

  IngestRun(
      FileIngest ingest,
      SourceTree tree,
      Output output,
      boolean json,
      @Nullable ManifestWriter manifest,
      BooleanSupplier interrupted) {
    this.ingest = ingest;
    this.tree = tree;
    this.output = output;
    this.json = json;
    this.manifest = manifest;
    this.interrupted = interrupted;
  }

  /** What the walk hands over to be told of. */
  private sealed interface Step {
    record Submitted(PathText name, CompletableFuture<IngestOutcome> outcome) implements Step {}

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
        if (end.failure() != null) {
          throw end.failure();
        }
        output.flush();
        return !anyFailed;
      }
      if (step instanceof Step.NotTaken notTaken) {
        tell(notTaken.found());
      } else if (step instanceof Step.Submitted submitted) {
        tell(submitted.name(), await(submitted.outcome()));
      }
    }
  }

  private IngestOutcome await(CompletableFuture<IngestOutcome> outcome)
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
          submit(new PathText(STANDARD_INPUT, null), new StreamSource("stdin:-", () -> System.in));
        } else {
          tree.<InterruptedException>walk(List.of(argument), this::take);
        }
      }
    } catch (InterruptedException | RejectedExecutionException ended) {
      // Told to end: what was taken is told of, and nothing more is taken.
    } catch (RuntimeException fault) {
      failure = fault;
    }
    hand(new Step.End(failure));
  }

  private void take(Found found) throws InterruptedException {
    if (found instanceof Found.RegularFile file) {
      submit(file.name(), new FileSource(file.path()));
    } else if (found instanceof Found.Stream pipe) {
      submit(
          pipe.name(),
          new StreamSource(
              pipe.path().toAbsolutePath().toUri().toString(),
              () -> Files.newInputStream(pipe.path())));
    } else {
      steps.put(new Step.NotTaken(found));
    }
  }

  private void submit(PathText name, Source source) throws InterruptedException {
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
      ManifestEntry entry =
          new ManifestEntry(
              name.shown(),
              name.uri(),
              blob.size(),
              blob.digest(),
              blob.uploadId().uuid(),
              blob.chunks(),
              blob.newChunks(),
              blob.newBytes());
      if (manifest != null) {
        manifest.write(entry);
      }
      output.result(json ? entry.format() : new ChecksumLine(blob.digest(), name.shown()).format());
    }
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
