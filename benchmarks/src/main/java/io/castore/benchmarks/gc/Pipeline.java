package io.castore.benchmarks.gc;

import io.castore.cli.system.CastoreSystem;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.gc.kafka.CollectionLog;
import io.castore.ingest.Ingester;
import io.castore.pipeline.config.CastoreConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The whole pipeline in this process, as the command runs it on a data directory: a broker, all
 * roles, a file store.
 */
final class Pipeline implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Path directory;
  private final ObjectStore store;
  private final Ingester ingester;
  private final CollectionLog log;
  private final int gcCpuPercent;

  private Pipeline(Path directory, Map<String, String> settings) throws Exception {
    this.directory = directory;
    try {
      CastoreConfig base =
          CastoreConfig.of(settings).with(Map.of("data.dir", directory.toString()));
      CastoreSystem system = keep(CastoreSystem.openWorking(base, "run-gc", false));
      CastoreConfig config = system.config();
      gcCpuPercent = config.gcCpuPercent();
      store = keep(ObjectStores.open(config.storeUrl(), config.s3()));
      String storeId = StoreIdentity.find(store).orElseThrow().id();
      log = keep(CollectionLog.open(config, storeId, keep(system.admin())));
      ingester = keep(system.openIngester());
      CompletableFuture<Void> unused =
          system
              .failure()
              .thenAccept(cause -> ingester.giveUp("the pipeline stopped: " + cause.getMessage()));
    } catch (Exception unusable) {
      close();
      throw unusable;
    }
  }

  /** Starts it on an empty directory, with some settings that are not the defaults. */
  static Pipeline start(Path directory, Map<String, String> settings) throws Exception {
    return new Pipeline(directory, settings);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  ObjectStore store() {
    return store;
  }

  Ingester ingester() {
    return ingester;
  }

  /** For use by one thread at a time. */
  CollectionLog log() {
    return log;
  }

  /** What a collection takes of one core at most while uploads come. */
  int gcCpuPercent() {
    return gcCpuPercent;
  }

  /** Directory for what has no place in memory. */
  Path scratch() {
    return directory.resolve("scratch");
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        throw new IllegalStateException("the pipeline does not stop", failed);
      }
    }
  }
}
