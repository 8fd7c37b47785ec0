package io.castore.benchmarks.chunker;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.chunker.ChunkerService;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.StreamsRunner;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code benchmarks/run-chunker}: how many chunks a second the storing topology stores,
 * by the size of its window, the number of its threads, and the time that a PUT takes. The broker
 * runs in the same process; the store keeps nothing.
 */
@Command(
    name = "benchmarks/run-chunker",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = "Measures the storing topology and writes a table, in Markdown.")
public final class ChunkerRun implements Callable<Integer> {
  private static final int PARTITIONS = 16;
  private static final Duration SELDOM = Duration.ofHours(1);

  @Option(
      names = "--chunks",
      description = "Different chunks of 256 KiB in the topic. Default: ${DEFAULT-VALUE}.")
  private int chunks = 4096;

  @Option(
      names = "--seconds",
      description = "Longest time of one row, in seconds. Default: ${DEFAULT-VALUE}.")
  private int seconds = 20;

  @Option(
      names = "--delays",
      split = ",",
      paramLabel = "MS",
      description = "What the store takes for a PUT, in milliseconds. Default: 0,50.")
  private List<Integer> delays = List.of(0, 50);

  private final PrintStream out = System.out;

  private ChunkerRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChunkerRun()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (ScratchDirectory scratch = ScratchDirectory.in(temporary, "castore-chunker-");
        EmbeddedBroker broker =
            EmbeddedBroker.start(scratch.path().resolve("broker"), BrokerOptions.defaults());
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      CastoreConfig config =
          CastoreConfig.of(
              Map.of(
                  "bootstrap.servers", broker.bootstrapServers(),
                  "topics.chunks.partitions", Integer.toString(PARTITIONS),
                  "topics.replication.factor", "1"));
      Map<String, Integer> partitions = new TopicProvisioner(admin, config, true).provision();
      ChunkTopic.fill(config, chunks);
      out.printf(
          "%d chunks of 256 KiB, %d partitions, %d cores, Java %s%n%n",
          chunks,
          PARTITIONS,
          Runtime.getRuntime().availableProcessors(),
          Runtime.version().feature());
      out.println("| delay of a PUT | threads | window | chunks/s | MB/s |");
      out.println("|--:|--:|--:|--:|--:|");
      // The first run is slower than any after it, and does not count.
      CountingStore warmUp =
          measure(new Setup(1, 64, Duration.ZERO), config, partitions, admin, scratch.path());
      for (Setup setup : Setup.all(delays.stream().map(Duration::ofMillis).toList())) {
        print(setup, measure(setup, config, partitions, admin, scratch.path()));
      }
      return warmUp.puts() == chunks ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private CountingStore measure(
      Setup setup, CastoreConfig base, Map<String, Integer> partitions, Admin admin, Path scratch)
      throws Exception {
    // Another store's identity is another application: it begins with the first record.
    String storeId = UUID.randomUUID().toString();
    CastoreConfig config =
        base.with(
            Map.of(
                "chunker.threads", Integer.toString(setup.threads()),
                "chunker.window.records", Integer.toString(setup.window()),
                "state.dir", scratch.resolve(storeId).toString()));
    CountingStore store = new CountingStore(setup.putDelay());
    try (StoreBreaker breaker = StoreBreaker.start(() -> {}, SELDOM);
        StreamsRunner runner =
            ChunkerService.start(config, partitions, store, storeId, admin, breaker)) {
      boolean unused = runner.awaitRunning(Duration.ofMinutes(1));
      store.await(chunks, Duration.ofSeconds(seconds));
    }
    return store;
  }

  private void print(Setup setup, CountingStore store) {
    out.printf(
        Locale.ROOT,
        "| %d ms | %d | %d | %.0f | %.1f |%n",
        setup.putDelay().toMillis(),
        setup.threads(),
        setup.window(),
        store.putsPerSecond(),
        store.megabytesPerSecond());
  }
}
