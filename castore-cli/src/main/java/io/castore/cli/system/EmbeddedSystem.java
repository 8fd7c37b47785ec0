package io.castore.cli.system;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker in this process, on a data directory that is this process's own until it is closed.
 */
final class EmbeddedSystem implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedSystem.class);
  private static final Duration OTHERS_START = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** What fits one process on one machine; all of it can be set. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "topics.chunks.partitions", "8",
          "topics.uploads.partitions", "4",
          "topics.replication.factor", "1",
          // What is stored already is kept twice for as long as it stays in Kafka, too.
          "chunks.tail.bytes", Long.toString(256L << 20),
          "ingest.backlog.bytes", Long.toString(1L << 30),
          "state.memory.bytes", Long.toString(64L << 20),
          // A member with a name is taken back at once after a kill, instead of when its session
          // has timed out.
          "instance.id", "embedded");

  private final Path dataDir;
  private final DataDirLock lock;
  private final EmbeddedBroker broker;
  private final CastoreConfig config;
  private final CompletableFuture<Throwable> failure;

  private EmbeddedSystem(
      Path dataDir,
      DataDirLock lock,
      EmbeddedBroker broker,
      CastoreConfig config,
      CompletableFuture<Throwable> failure) {
    this.dataDir = dataDir;
    this.lock = lock;
    this.broker = broker;
    this.config = config;
    this.failure = failure;
  }

  /** The broker of this process, or of another one that shares its own. */
  sealed interface Access {
    /** The broker runs in this process. */
    record Own(EmbeddedSystem system) implements Access {}

    /** Another process shares its broker. */
    record Shared(CastoreConfig config) implements Access {}
  }

  /**
   * Starts the broker, or finds the one that another process shares.
   *
   * @param command who wants it, for others to be told
   * @throws DataDirInUseException if another process has it to itself
   * @throws IOException if the directory cannot be used, or the broker does not start
   */
  static Access open(CastoreConfig config, String command)
      throws IOException, DataDirInUseException, InvalidConfigException, InterruptedException {
    Path dataDir = config.dataDir();
    long deadline = System.nanoTime() + OTHERS_START.toNanos();
    boolean told = false;
    while (true) {
      Optional<DataDirLock> lock = DataDirLock.tryTake(dataDir);
      if (lock.isPresent()) {
        return new Access.Own(start(config, command, lock.get()));
      }
      Optional<Holder> holder = Holder.read(dataDir).filter(Holder::isAlive);
      if (holder.isPresent() && !holder.get().shares()) {
        throw new DataDirInUseException(dataDir, holder.get());
      }
      String servers = holder.map(Holder::bootstrapServers).orElse(null);
      if (holder.isPresent() && servers != null) {
        return new Access.Shared(shared(config, holder.get(), servers));
      }
      if (System.nanoTime() > deadline) {
        throw DataDirInUseException.heldByAnother(dataDir);
      }
      if (!told) {
        log.warn("Waiting for another process to start its broker on {}", dataDir);
        told = true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
    }
  }

  private static CastoreConfig shared(CastoreConfig config, Holder holder, String servers)
      throws InvalidConfigException {
    return config
        .withDefaults(DEFAULTS)
        .withDefaults(Map.of("store.url", holder.store()))
        .with(Map.of("bootstrap.servers", servers));
  }

  private static EmbeddedSystem start(CastoreConfig config, String command, DataDirLock lock)
      throws IOException, InvalidConfigException {
    Path dataDir = config.dataDir();
    try {
      Holder holder =
          new Holder(
              command,
              ProcessHandle.current().pid(),
              Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
              config.storeUrl().toString(),
              null);
      holder.write(dataDir);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              dataDir.resolve("broker"),
              BrokerOptions.defaults()
                  .withOnFatal(message -> failure.complete(new KafkaException(message))));
      holder.listeningAt(broker.bootstrapServers()).write(dataDir);
      return new EmbeddedSystem(
          dataDir,
          lock,
          broker,
          config
              .withDefaults(DEFAULTS)
              .with(Map.of("bootstrap.servers", broker.bootstrapServers())),
          failure);
    } catch (IOException | InvalidConfigException | RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  /** The configuration, with the broker's address. */
  CastoreConfig config() {
    return config;
  }

  /** Is completed with the reason, should the broker fail for good. */
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    broker.close();
    Holder.remove(dataDir);
    lock.close();
  }
}
