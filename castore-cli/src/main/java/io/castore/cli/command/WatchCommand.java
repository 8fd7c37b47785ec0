package io.castore.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.progress.ProgressText;
import io.castore.feeds.watch.WatchProgress;
import io.castore.feeds.watch.WatchService;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ingests what is new, as events and directories tell of it. */
@Command(
    name = "watch",
    description = {
      "Ingests objects as S3 bucket notifications in a Kafka topic tell of them, and files below directories when they"
          + " have come to rest. Runs until it is interrupted; started again, it goes on where it was.",
      "",
      "An event that leads to nothing (the object is gone or denied, or the event is none) goes to the topic events-dlq"
          + " with the reason. Any number of these commands, and of services with the role watch, share a topic."
    })
final class WatchCommand extends CastoreCommand {
  private static final long LINE_INTERVAL_S = 5;

  private final Output output;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of notifications, of MinIO's form or AWS's. Default: watch.topic.")
  private @Nullable String topic;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Directory to look after, with all below it. Can be given more than once. Default: watch.directories.")
  private List<Path> directories = List.of();

  WatchCommand(Output output) {
    this.output = output;
  }

  @Override
  @SuppressWarnings("try") // the hook needs no calls, only its end
  public Integer call() throws Exception {
    CastoreConfig config = options().config(flags());
    if (!config.watch().isAny()) {
      throw new InvalidConfigException(
          "nothing to watch (expected: --topic or --directory, or the keys watch.topic or watch.directories)",
          null);
    }
    try (PipelineIngest ingest = PipelineIngest.open(config, "watch", false);
        WatchService watch =
            WatchService.start(ingest.config(), ingest::submit, ingest.ownDirectories());
        AtInterrupt atInterrupt = AtInterrupt.run(() -> end(watch, ingest))) {
      CompletableFuture<Void> unused = ingest.failure().thenAccept(watch.failure()::complete);
      output.note("watching " + what(config));
      Throwable cause = tellUntilFailure(watch);
      if (!atInterrupt.interrupted()) {
        output.note("the watch stopped: " + cause.getMessage());
      }
      return ExitCode.UNREACHABLE;
    }
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    if (topic != null) {
      flags.put("watch.topic", topic);
    }
    if (!directories.isEmpty()) {
      flags.put(
          "watch.directories", String.join(",", directories.stream().map(Path::toString).toList()));
    }
    return flags;
  }

  private static String what(CastoreConfig config) {
    String directories = config.watch().directories().toString();
    String followed = config.watch().directories().isEmpty() ? "" : " directories " + directories;
    return config.watch().topic().map(name -> "topic " + name).orElse("") + followed;
  }

  /** Stops the watch before what it hands over to, so that nothing it was on counts as failed. */
  private static void end(WatchService watch, PipelineIngest ingest) {
    watch.close();
    ingest.abortAll("interrupted");
    ingest.close();
  }

  private Throwable tellUntilFailure(WatchService watch) throws IOException, InterruptedException {
    WatchProgress told = watch.progress();
    while (true) {
      try {
        return watch.failure().get(LINE_INTERVAL_S, TimeUnit.SECONDS);
      } catch (TimeoutException stillWatching) {
        WatchProgress now = watch.progress();
        if (!now.equals(told)) {
          tell(now);
        }
        told = now;
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private void tell(WatchProgress now) throws IOException {
    if (options().json()) {
      output.result(json(now));
      output.flush();
    }
    if (!options().quiet()) {
      output.note(
          "%d events, %d files: %d ingested (%s), %d skipped, %d vanished, %d denied, %d malformed, %d failed; %d under way, %d events left"
              .formatted(
                  now.events(),
                  now.files(),
                  now.ingested(),
                  ProgressText.bytes(now.bytes()),
                  now.skipped(),
                  now.vanished(),
                  now.denied(),
                  now.malformed(),
                  now.failed(),
                  now.inFlight(),
                  now.lag()));
    }
  }

  private static JsonNode json(WatchProgress now) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("events", now.events())
        .put("others", now.others())
        .put("files", now.files())
        .put("ingested", now.ingested())
        .put("bytes", now.bytes())
        .put("skipped", now.skipped())
        .put("vanished", now.vanished())
        .put("denied", now.denied())
        .put("malformed", now.malformed())
        .put("failed", now.failed())
        .put("dead_letters", now.deadLetters())
        .put("in_flight", now.inFlight())
        .put("lag", now.lag());
  }
}
