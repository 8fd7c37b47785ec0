package io.castore.cli.system;

import io.castore.chunker.ChunkerService;
import io.castore.index.IndexService;
import io.castore.pipeline.cluster.ChunkBacklog;
import io.castore.pipeline.cluster.ChunkTrimmer;
import io.castore.pipeline.cluster.GroupLag;
import io.castore.pipeline.cluster.ServiceBeacon;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.StoredChunks;
import io.castore.pipeline.metrics.KafkaFigures;
import io.castore.pipeline.metrics.ServiceMetrics;
import io.castore.pipeline.outage.IdentityProbe;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StateFigures;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.telemetry.Telemetry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The topologies that run in this process, and what goes with them: the breaker that pauses them,
 * what they tell of themselves, and the trimming behind them.
 *
 * <p>Not thread-safe, but for {@link #failure} and what tells of problems.
 */
final class RunningRoles implements AutoCloseable {
  /** Roles that keep state on disk. */
  private static final Set<Role> WITH_STATE = EnumSet.of(Role.CHUNKER, Role.INDEXER, Role.QUERY);

  private final CastoreConfig config;
  private final StoreHandle store;
  private final StoreBreaker breaker;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final List<StreamsRunner> running = new CopyOnWriteArrayList<>();
  private @Nullable StoredChunks storedChunks;
  private volatile boolean started;

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
   * @param endpoint where others reach this process, where they do
   * @param telemetry is told what they do
   */
  void start(
      Set<Role> roles,
      Map<String, Integer> partitions,
      Admin admin,
      Optional<URI> endpoint,
      Telemetry telemetry)
      throws InterruptedException {
    if (roles.contains(Role.INDEXER)) {
      run(IndexService.start(config, store.store(), store.id(), admin, breaker, telemetry));
      tellStatus(Role.INDEXER, Optional.empty());
    }
    if (roles.contains(Role.CHUNKER)) {
      StreamsRunner chunker =
          ChunkerService.start(
              config, partitions, store.store(), store.id(), admin, breaker, endpoint, telemetry);
      run(chunker);
      storedChunks = ChunkerService.storedChunks(config, partitions, store.id(), chunker, endpoint);
      tellStatus(Role.CHUNKER, endpoint);
      parts.push(
          ChunkTrimmer.start(config, ChunkerGroup.application(config.topics(), store.id()).id()));
    }
    started = true;
  }

  /** Gives this process's part of the deduplication state, where it has one. */
  Optional<StoredChunks> storedChunks() {
    return Optional.ofNullable(storedChunks);
  }

  /** Tells why the store cannot be used, where that is so. */
  Optional<String> storeProblem() {
    return breaker.isOpen() ? Optional.of("the store does not answer") : Optional.empty();
  }

  /** Tells which topologies do not work, where there are any. */
  Optional<String> topologyProblem() {
    if (!started) {
      return Optional.of("the roles were not started yet");
    }
    return running.stream()
        .filter(role -> !role.isRunning())
        .map(role -> "the " + role.name() + " does not run yet, or any more")
        .findFirst();
  }

  /** For services alone: a command that ends soon has nobody who would look. */
  void tellMetrics(Set<Role> roles, MeterRegistry meters) throws InterruptedException {
    running.forEach(role -> KafkaFigures.ofTopology(role.name(), role::metrics, meters));
    tellLag(roles, meters);
    if (!Collections.disjoint(roles, WITH_STATE)) {
      StateFigures.bind(config, meters);
    }
    ServiceMetrics metrics = new ServiceMetrics(meters);
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

  private void tellLag(Set<Role> roles, MeterRegistry meters) {
    Map<Role, StreamsApplication> applications = new EnumMap<>(Role.class);
    if (roles.contains(Role.CHUNKER)) {
      applications.put(Role.CHUNKER, ChunkerGroup.application(config.topics(), store.id()));
    }
    if (roles.contains(Role.INDEXER)) {
      applications.put(Role.INDEXER, IndexService.application(config.topics(), store.id()));
    }
    if (applications.isEmpty()) {
      return;
    }
    GroupLag lag =
        GroupLag.watch(
            config,
            applications.values().stream().map(StreamsApplication::id).collect(Collectors.toSet()));
    parts.push(lag);
    applications.forEach(
        (role, application) ->
            application
                .sources()
                .forEach(
                    topic ->
                        Gauge.builder(
                                "castore.topic.lag.records",
                                () -> lag.records(application.id(), topic))
                            .description("Records that all processes of a role have yet to commit")
                            .tag("role", role.toString())
                            .tag("topic", topic)
                            .register(meters)));
  }

  private void tellStatus(Role role, Optional<URI> endpoint) {
    ServiceBeacon beacon = ServiceBeacon.start(config, role.toString(), endpoint);
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
