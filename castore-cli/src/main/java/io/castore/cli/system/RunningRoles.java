package io.castore.cli.system;

import io.castore.chunker.ChunkerService;
import io.castore.index.IndexService;
import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.pipeline.cluster.ChunkTrimmer;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.metrics.ServiceMetrics;
import io.castore.pipeline.outage.IdentityProbe;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StreamsRunner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;

/**
 * The topologies that run in this process, and what goes with them: the breaker that pauses them,
 * what they tell of themselves, and the trimming behind them.
 *
 * <p>Not thread-safe, but for {@link #failure}.
 */
final class RunningRoles implements AutoCloseable {
  private final CastoreConfig config;
  private final StoreHandle store;
  private final StoreBreaker breaker;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final List<StreamsRunner> running = new ArrayList<>();

  /** What has to be closed after the topologies, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /**
   * Begins with none.
   *
   * @param store belongs to the caller, who closes it after this
   */
  RunningRoles(CastoreConfig config, StoreHandle store) {
    this.config = config;
    this.store = store;
    breaker =
        StoreBreaker.start(
            new IdentityProbe(store.store(), store.id()), config.storeCheckInterval());
    parts.push(breaker);
    tellFailureOf(breaker.failure());
  }

  /**
   * Starts roles.
   *
   * @param partitions how many partitions each topic has, by its name
   * @param admin used during this call alone
   */
  void start(Set<Role> roles, Map<String, Integer> partitions, Admin admin)
      throws InterruptedException {
    if (roles.contains(Role.INDEXER)) {
      run(IndexService.start(config, store.store(), store.id(), admin, breaker));
      tellStatus(Role.INDEXER);
    }
    if (roles.contains(Role.CHUNKER)) {
      run(ChunkerService.start(config, partitions, store.store(), store.id(), admin, breaker));
      tellStatus(Role.CHUNKER);
      parts.push(
          ChunkTrimmer.start(config, ChunkerGroup.application(config.topics(), store.id()).id()));
    }
  }

  /** For services alone: a command that ends soon has nobody who would look. */
  void tellMetrics(Set<Role> roles) throws InterruptedException {
    ServiceMetrics metrics = new ServiceMetrics();
    parts.push(metrics);
    metrics.gauge(
        "store-breaker", "open", "1 while the store is away", () -> breaker.isOpen() ? 1 : 0);
    Optional<String> group =
        roles.contains(Role.CHUNKER) ? ChunkerGroup.find(config) : Optional.empty();
    if (group.isPresent()) {
      ChunkBacklog backlog = ChunkBacklog.watch(config, group.get());
      parts.push(backlog);
      metrics.gauge(
          "chunk-log",
          "backlog-records",
          "records that wait in Kafka to be stored",
          () -> backlog.size().records());
      metrics.gauge(
          "chunk-log",
          "backlog-bytes",
          "their size in Kafka, an estimate",
          () -> backlog.size().bytes());
    }
  }

  private void tellStatus(Role role) {
    ServiceBeacon beacon = ServiceBeacon.start(config, role.toString());
    parts.push(beacon);
    beacon.running();
    breaker.listen(
        new StoreBreaker.Listener() {
          @Override
          public void paused(String why) {
            beacon.paused(why);
          }

          @Override
          public void resumed() {
            beacon.running();
          }
        });
  }

  private void run(StreamsRunner role) {
    running.add(role);
    tellFailureOf(role.failure());
  }

  private void tellFailureOf(CompletableFuture<Throwable> part) {
    CompletableFuture<Void> unused = part.thenAccept(failure::complete);
  }

  /** Is completed with the reason, should a role end by itself. */
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Stops the topologies, and then what goes with them. A second call does nothing. */
  @Override
  public void close() {
    // Each waits for its own last commit, and neither for the other.
    running.parallelStream().forEach(StreamsRunner::close);
    running.clear();
    ClosingOrder.closeAll(parts);
  }
}
