package io.castore.endtoend.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.endtoend.Castore;
import io.castore.endtoend.CastoreProcess;
import io.castore.endtoend.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A broker, a store and the services, each in a process of its own, on empty directories; and the
 * command that ingests through them.
 *
 * <p>Not thread-safe: belongs to one thread at a time.
 */
final class Cluster implements AutoCloseable {
  private static final String MAIN_CLASS = "io.castore.cli.Main";
  private static final String BROKER_HEAP = "384m";
  private static final String SERVICE_HEAP = "384m";
  private static final Map<String, String> LOG_LEVEL = Map.of("castore.log.level", "INFO");
  private static final int DELAY_MILLIS = 300;

  /** A small disk has room for everything, and for as much again. */
  private static final int DISK_ROOM = 2;

  private static final int DISK_SLACK_MEGABYTES = 64;

  private final Path round;
  private final Sample sample;
  private final Supervisor supervisor = new Supervisor();
  private final Supervised broker;
  private final TcpProxy brokerProxy;
  private final TestStore store;
  private final List<Supervised> chunkers = new ArrayList<>();
  private final Supervised indexer;
  private final Castore client;
  private final List<CastoreProcess> ingests = new ArrayList<>();

  /**
   * Starts everything but the ingest.
   *
   * @param round an empty directory for all data and logs
   * @throws UnsupportedOperationException if this machine cannot do what the layout asks for
   */
  Cluster(Layout layout, Sample sample, Path round, long seed, Deadline deadline)
      throws IOException, InterruptedException, Deadline.BudgetSpentException {
    this.round = round;
    this.sample = sample;
    try {
      PortFile brokerPort = new PortFile(round.resolve("broker.port"));
      brokerProxy = TcpProxy.open(brokerPort::read);
      store = layout.onSmallDisk() ? smallDisk() : s3(layout, seed);
      broker = supervisor.start(broker(brokerPort));
      deadline.await("the broker", () -> brokerPort.read() != 0);
      if (store instanceof S3TestStore s3) {
        deadline.await("the S3 server", s3::isReady);
      }
      Map<String, String> settings = new HashMap<>(store.settings());
      settings.put("bootstrap.servers", bootstrapServers());
      settings.put("topics.chunks.partitions", "4");
      settings.put("topics.uploads.partitions", "2");
      settings.putAll(layout.settings());
      client = new Castore(sample.parent(), environment(settings, round.resolve("client")));
      for (int i = 1; i <= layout.chunkers(); i++) {
        chunkers.add(supervisor.start(service("chunker", i, settings)));
      }
      indexer = supervisor.start(service("indexer", 1, settings));
    } catch (IOException | RuntimeException | Deadline.BudgetSpentException failed) {
      supervisor.close();
      throw failed;
    }
  }

  private SmallDisk smallDisk() throws IOException {
    return SmallDisk.mount(round, (sample.bytes() >> 20) * DISK_ROOM + DISK_SLACK_MEGABYTES);
  }

  private S3TestStore s3(Layout layout, long seed) throws IOException {
    return S3TestStore.start(
        round,
        supervisor,
        new PutFaults(
            layout.refusedPercent(),
            layout.delayedPercent(),
            DELAY_MILLIS,
            seed,
            round.resolve("refused-puts")));
  }

  private Supervised broker(PortFile port) {
    return new Supervised(
        "broker",
        () ->
            JavaCommand.of(
                BrokerMain.class.getName(),
                BROKER_HEAP,
                Map.of(),
                List.of(
                    round.resolve("broker").toString(),
                    Integer.toString(brokerProxy.port()),
                    port.path().toString())),
        round);
  }

  private Supervised service(String role, int number, Map<String, String> settings) {
    String name = role + "-" + number;
    Map<String, String> own = new HashMap<>(settings);
    own.put("instance.id", name);
    return new Supervised(
        name,
        () -> {
          ProcessBuilder builder =
              JavaCommand.of(
                  MAIN_CLASS, SERVICE_HEAP, LOG_LEVEL, List.of("serve", "--roles", role));
          builder.environment().putAll(environment(own, round.resolve(name)));
          return builder;
        },
        round);
  }

  private static Map<String, String> environment(Map<String, String> settings, Path dataDir) {
    Map<String, String> variables = new HashMap<>();
    settings.forEach((key, value) -> variables.put(variable(key), value));
    variables.put(variable("data.dir"), dataDir.toString());
    return Map.copyOf(variables);
  }

  private static String variable(String key) {
    return "CASTORE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  String bootstrapServers() {
    return "127.0.0.1:" + brokerProxy.port();
  }

  Supervised broker() {
    return broker;
  }

  TestStore store() {
    return store;
  }

  /** The store, where it is a bucket. */
  S3TestStore s3() {
    return (S3TestStore) store;
  }

  /** The store, where it is a directory on a small file system. */
  SmallDisk disk() {
    return (SmallDisk) store;
  }

  /** One of the processes that store chunks, counted from 0. */
  Supervised chunker(int index) {
    return chunkers.get(index);
  }

  Supervised indexer() {
    return indexer;
  }

  /** The command, in the directory where the sample is. */
  Castore client() {
    return client;
  }

  /** How often services ended without being told to. */
  int unaskedEnds() {
    return supervisor.unaskedEnds();
  }

  /** Starts to ingest the whole sample. Has no effect on what ingests already. */
  void startIngest() throws IOException {
    CastoreProcess ingest = client.start("ingest", sample.name());
    ingest.endInput();
    ingests.add(ingest);
  }

  /** The ingest that was started last. */
  CastoreProcess ingest() {
    return ingests.get(ingests.size() - 1);
  }

  /** Gives all uploads, as the command shows them. */
  List<JsonNode> uploads() throws IOException {
    return client.run("uploads", "--json").endedWith(0).json();
  }

  /** Counts the lines of what the services said that have a text in them. */
  long countInServiceLogs(String text) throws IOException {
    long count = 0;
    try (Stream<Path> files = Files.list(round)) {
      for (Path log : (Iterable<Path>) files.filter(Cluster::isServiceLog)::iterator) {
        count +=
            Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains(text))
                .count();
      }
    }
    return count;
  }

  private static boolean isServiceLog(Path file) {
    return file.getFileName().toString().matches("(chunker|indexer)-.*\\.log");
  }

  /** Writes what all threads of all processes are doing beside the logs. */
  void dumpThreads() throws IOException {
    supervisor.dumpThreads();
    if (!ingests.isEmpty() && ingest().isAlive()) {
      ThreadDump.write(ingest().pid(), round.resolve("ingest.threads"));
    }
  }

  @Override
  public void close() throws IOException {
    for (int i = 0; i < ingests.size(); i++) {
      try (CastoreProcess ingest = ingests.get(i)) {
        Files.writeString(round.resolve("ingest-" + (i + 1) + ".log"), ingest.kill().err());
      }
    }
    supervisor.close();
    brokerProxy.close();
    store.close();
  }
}
