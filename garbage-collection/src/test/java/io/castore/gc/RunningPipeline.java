package io.castore.gc;

import io.castore.broker.EmbeddedBroker;
import io.castore.chunker.ChunkerService;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectRefusedException;
import io.castore.content.objectstore.ObjectStore;
import io.castore.gc.kafka.CollectionLog;
import io.castore.index.IndexService;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.Ingester;
import io.castore.ingest.Source;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.StreamsRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** The whole pipeline on a real broker, in this process, and what a person would do with it. */
final class RunningPipeline {
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final long PATIENCE_SECONDS = 60;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Path scratch;
  private final ObjectStore store;
  private final Ingester ingester;
  private final CollectionLog log;

  private RunningPipeline(EmbeddedBroker broker, ObjectStore store, Path directory)
      throws Exception {
    this.store = store;
    scratch = directory.resolve("scratch");
    CastoreConfig config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "topics.chunks.partitions", "2",
                "topics.uploads.partitions", "2",
                "topics.replication.factor", "1",
                "streams.commit.interval.ms", "200",
                "state.dir", directory.resolve("state").toString()));
    Admin admin = keep(Admin.create(config.kafkaClient()));
    Map<String, Integer> partitions = new TopicProvisioner(admin, config, true).provision();
    String storeId = StoreIdentity.obtain(store, InstantSource.system()).id();
    new StateOwners(config).claim(storeId, store.url());
    StoreBreaker breaker = keep(StoreBreaker.start(() -> {}, SELDOM));
    StreamsRunner indexer = keep(IndexService.start(config, store, storeId, admin, breaker));
    StreamsRunner chunker =
        keep(ChunkerService.start(config, partitions, store, storeId, admin, breaker));
    boolean unused =
        indexer.awaitRunning(Duration.ofMinutes(1)) && chunker.awaitRunning(Duration.ofMinutes(1));
    ingester = keep(Ingester.open(config));
    log = keep(CollectionLog.open(config, storeId, admin));
  }

  static RunningPipeline start(EmbeddedBroker broker, ObjectStore store, Path directory)
      throws Exception {
    return new RunningPipeline(broker, store, directory);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Ingests content, and waits until it is readable. */
  IngestOutcome.Complete ingest(Source source) throws Exception {
    return (IngestOutcome.Complete) ingester.submit(source).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  Ingester ingester() {
    return ingester;
  }

  UploadHistory history() {
    return log.history();
  }

  BlobPins pins() {
    return new BlobPins(log.rules(), log.orders(), store, InstantSource.system(), false);
  }

  /** Drops a blob. */
  void drop(IngestOutcome.Complete upload) throws Exception {
    try (BlobDrops drops =
        new BlobDrops(log.history(), log.rules(), store, scratch, InstantSource.system())) {
      drops.read();
      drops.drop(upload.digest(), "a test");
    }
  }

  /** Collects with no grace. */
  CollectionReport collect(boolean dryRun, List<String> notRemoved) throws Exception {
    return new GarbageCollection(
            log.history(),
            log.rules(),
            log.orders(),
            new GarbageCollection.StoreView(store, store, 2),
            scratch,
            InstantSource.system())
        .run(
            new CollectionPlan(Duration.ZERO, RetentionRules.none(), dryRun, 50),
            new CollectionListener() {
              @Override
              public void notRemoved(String key) {
                notRemoved.add(key);
              }
            });
  }

  CollectionReport collect() throws Exception {
    return collect(false, new ArrayList<>());
  }

  /** Stops everything, the producer first. */
  void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  /** A store that can be told to refuse deletes, as a policy without the right to them does. */
  static final class GuardedStore implements ObjectStore {
    private final ObjectStore store;
    private volatile boolean refuses;

    GuardedStore(ObjectStore store) {
      this.store = store;
    }

    void refuseDeletes(boolean refuse) {
      refuses = refuse;
    }

    @Override
    public void delete(String key) throws IOException {
      if (refuses) {
        throw new ObjectRefusedException("delete " + key + ": access denied");
      }
      store.delete(key);
    }

    @Override
    public String url() {
      return store.url();
    }

    @Override
    public void probe() throws IOException {
      store.probe();
    }

    @Override
    public Optional<InputStream> open(String key) throws IOException {
      return store.open(key);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws IOException {
      return store.stat(key);
    }

    @Override
    public void put(String key, ObjectBody body) throws IOException {
      store.put(key, body);
    }

    @Override
    public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
      return store.putIfAbsent(key, body);
    }

    @Override
    public void list(String keyPrefix, Visitor visitor) throws IOException {
      store.list(keyPrefix, visitor);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
