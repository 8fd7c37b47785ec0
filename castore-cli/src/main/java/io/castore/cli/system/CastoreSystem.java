package io.castore.cli.system;

import io.castore.content.objectstore.StoreUrl;
import io.castore.index.IndexService;
import io.castore.ingest.ChunkersOverHttp;
import io.castore.ingest.Ingester;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.cluster.StoreMismatchException;
import io.castore.pipeline.cluster.TopicMismatchException;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.TelemetrySettings;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.StoredChunks;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StateReset;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.telemetry.Tracing;
import io.castore.query.health.ReadinessCheck;
import io.castore.query.server.QueryServer;
import io.castore.query.server.ServerStartException;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with: Kafka, its topics, and the roles that run in this process. With no
 * brokers configured Kafka is the embedded one, and the roles run here too, unless another process
 * shares both.
 *
 * <p>Safe for use by many threads.
 */
public final class CastoreSystem implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  /** What has to be closed after the roles, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private CastoreConfig config;
  private Tracing tracing = Tracing.OFF;
  private Optional<StoredChunks> roleState = Optional.empty();
  private @Nullable URI url;
  private Map<String, Integer> topics = Map.of();

  private CastoreSystem(CastoreConfig config) {
    this.config = config;
  }

  /**
   * Opens the system for a command that needs the pipeline to work: all roles run here where the
   * broker does.
   *
   * @param command its name, for others to be told
   * @param resetState whether state that belongs to another store is given up
   * @throws DataDirInUseException if another process has the data directory to itself
   * @throws StoreMismatchException if the state in Kafka belongs to another store
   * @throws TopicMismatchException if a topic's settings would lose data
   * @throws IOException if the store or the embedded broker cannot be used
   * @throws KafkaException if Kafka cannot be reached
   */
  public static CastoreSystem openWorking(CastoreConfig config, String command, boolean resetState)
      throws IOException,
          DataDirInUseException,
          InvalidConfigException,
          StoreMismatchException,
          TopicMismatchException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    return open(config, command, RolesHere.WHERE_EMBEDDED, Set.of(Role.values()), resetState);
  }

  /**
   * Opens the system for a command that reads Kafka alone: no role runs. Throws what {@link
   * #openWorking} does.
   */
  public static CastoreSystem openQuiet(CastoreConfig config, String command)
      throws IOException,
          DataDirInUseException,
          InvalidConfigException,
          StoreMismatchException,
          TopicMismatchException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    return open(config, command, RolesHere.NEVER, Set.of(), false);
  }

  /**
   * Opens the system and runs roles in it, wherever Kafka is; {@code resetState} gives state up
   * that belongs to another store. Throws what {@link #openWorking} does, and {@link
   * DataDirInUseException} also where another process serves the data directory already.
   */
  public static CastoreSystem openServing(CastoreConfig config, Set<Role> roles, boolean resetState)
      throws IOException,
          DataDirInUseException,
          InvalidConfigException,
          StoreMismatchException,
          TopicMismatchException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    QueryServer.check(config.server());
    return open(config, "serve", RolesHere.ALWAYS, roles, resetState);
  }

  /** When roles run in this process. */
  private enum RolesHere {
    NEVER,
    WHERE_EMBEDDED,
    ALWAYS
  }

  private static CastoreSystem open(
      CastoreConfig config, String command, RolesHere when, Set<Role> roles, boolean resetState)
      throws IOException,
          DataDirInUseException,
          InvalidConfigException,
          StoreMismatchException,
          TopicMismatchException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    CastoreSystem system = new CastoreSystem(config);
    try {
      if (when != RolesHere.NEVER) {
        system.trace();
      }
      boolean embedded = system.connect(command);
      boolean shared = !embedded && config.bootstrapServers().isEmpty();
      if (shared && when == RolesHere.ALWAYS) {
        throw DataDirInUseException.heldByAnother(config.dataDir());
      }
      boolean here = embedded ? when != RolesHere.NEVER : when == RolesHere.ALWAYS;
      system.start(here ? roles : Set.of(), embedded, when == RolesHere.ALWAYS, resetState);
      return system;
    } catch (Exception unusable) {
      system.close();
      throw unusable;
    }
  }

  /** Closed after everything that tells of uploads. */
  private void trace() {
    TelemetrySettings settings = config.telemetry();
    if (settings.otlpEndpoint().isPresent()) {
      Traces traces = Traces.open(settings.otlpEndpoint().get(), settings.traceRatio(), config);
      parts.push(traces);
      tracing = traces.tracing();
    }
  }

  /**
   * Finds Kafka.
   *
   * @return whether it is embedded in this process
   */
  private boolean connect(String command)
      throws IOException, DataDirInUseException, InvalidConfigException, InterruptedException {
    if (config.bootstrapServers().isPresent()) {
      return false;
    }
    EmbeddedSystem.Access access = EmbeddedSystem.open(config, command);
    if (access instanceof EmbeddedSystem.Access.Shared shared) {
      config = shared.config();
      return false;
    }
    EmbeddedSystem system = ((EmbeddedSystem.Access.Own) access).system();
    parts.push(system);
    tellFailureOf(system.failure());
    config = system.config();
    return true;
  }

  private void start(Set<Role> roles, boolean embedded, boolean serving, boolean resetState)
      throws IOException,
          InvalidConfigException,
          StoreMismatchException,
          TopicMismatchException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    try (Admin admin = admin()) {
      requireReachable(admin);
      Map<String, Integer> partitions = new TopicProvisioner(admin, config, embedded).provision();
      topics = Map.copyOf(partitions);
      if (roles.isEmpty()) {
        return;
      }
      StoreHandle store =
          StoreHandle.open(config, resetState ? Optional.empty() : new StateOwners(config).owner());
      parts.push(store);
      claimState(admin, store, resetState);
      RunningRoles running = new RunningRoles(config, store);
      parts.push(running);
      tellFailureOf(running.failure());
      if (serving) {
        serve(roles, partitions, admin, store, running);
      } else {
        running.start(
            roles,
            partitions,
            admin,
            Optional.empty(),
            new Telemetry(new CompositeMeterRegistry(), tracing));
        roleState = running.storedChunks();
      }
    }
  }

  /**
   * Starts the server before the roles, which tell others where it is. It is not ready before they
   * run.
   */
  private void serve(
      Set<Role> roles,
      Map<String, Integer> partitions,
      Admin admin,
      StoreHandle store,
      RunningRoles running)
      throws IOException,
          InvalidConfigException,
          ServerStartException,
          PipelineUnavailableException,
          InterruptedException {
    RoleServer server = new RoleServer(config, store, tracing);
    parts.push(server);
    tellFailureOf(server.failure());
    KafkaProbe kafka = new KafkaProbe(admin());
    parts.push(kafka);
    server.require(ReadinessCheck.of("kafka", kafka::problem));
    server.require(ReadinessCheck.of("store", running::storeProblem));
    server.require(ReadinessCheck.of("streams", running::topologyProblem));
    URI endpoint = server.start(roles);
    url = endpoint;
    running.start(roles, partitions, admin, Optional.of(endpoint), server.telemetry());
    running.storedChunks().ifPresent(state -> server.existence().answerFrom(state, endpoint));
    running.tellMetrics(roles, server.telemetry().meters());
    roleState = running.storedChunks();
    if (roles.contains(Role.WATCH) && config.watch().isAny()) {
      WatchRole watch =
          WatchRole.start(config, openIngester(), ownDirectories(), server.telemetry().meters());
      parts.push(watch);
      tellFailureOf(watch.failure());
    }
  }

  private void claimState(Admin admin, StoreHandle store, boolean resetState)
      throws StoreMismatchException, InterruptedException {
    StateOwners owners = new StateOwners(config);
    Optional<String> former = owners.owner().filter(owner -> !owner.equals(store.id()));
    if (resetState && former.isPresent()) {
      StateReset.reset(admin, config, applications(store.id()), applications(former.get()));
      owners.assign(store.id());
    }
    owners.claim(store.id(), store.store().url());
  }

  private List<StreamsApplication> applications(String storeId) {
    return List.of(
        ChunkerGroup.application(config.topics(), storeId),
        IndexService.application(config.topics(), storeId));
  }

  private void tellFailureOf(CompletableFuture<Throwable> part) {
    CompletableFuture<Void> unused = part.thenAccept(failure::complete);
  }

  /** Makes a client for questions to Kafka that give up soon. The caller closes it. */
  public Admin admin() {
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.putIfAbsent(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CONNECT_TIMEOUT.toMillis() * 2);
    settings.putIfAbsent(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) CONNECT_TIMEOUT.toMillis());
    return Admin.create(settings);
  }

  private void requireReachable(Admin admin) throws InterruptedException {
    String servers = config.bootstrapServers().orElse("");
    try {
      admin.describeCluster().nodes().get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw unreachable(servers, String.valueOf(failed.getCause()), failed);
    } catch (TimeoutException tooLate) {
      throw unreachable(
          servers, "no answer within %d s".formatted(CONNECT_TIMEOUT.toSeconds()), tooLate);
    }
  }

  private static KafkaException unreachable(String servers, String reason, Throwable cause) {
    return new KafkaException(
        "Kafka at %s cannot be reached: %s".formatted(servers, reason), cause);
  }

  /**
   * Where the server of this process is reached.
   *
   * @throws IllegalStateException if there is none
   */
  public URI url() {
    if (url == null) {
      throw new IllegalStateException("this process serves nothing");
    }
    return url;
  }

  /**
   * Opens an ingester that asks whoever knows which chunks are stored already: the chunker in this
   * process, or others. The caller closes it before this.
   *
   * @throws PipelineUnavailableException if Kafka cannot be used
   * @throws IOException if a file of certificates cannot be used
   */
  public Ingester openIngester()
      throws PipelineUnavailableException, IOException, InterruptedException {
    if (roleState.isPresent()) {
      return Ingester.open(config, KnownChunks.here(roleState.get()), tracing);
    }
    ChunkersOverHttp others = ChunkersOverHttp.watch(config);
    parts.push(others);
    return Ingester.open(config, others, tracing);
  }

  /** Gives the directories that whoever works with this configuration writes to. */
  public List<Path> ownDirectories() {
    return config.storeUrl() instanceof StoreUrl.Directory store
        ? List.of(config.dataDir(), store.path())
        : List.of(config.dataDir());
  }

  /** How many partitions each of the pipeline's topics has, by its name. */
  public Map<String, Integer> topics() {
    return topics;
  }

  /** The configuration, with the address of the brokers that are used. */
  public CastoreConfig config() {
    return config;
  }

  /** Is completed with the reason, should a role or the broker here end by itself. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Stops the roles, then the broker, where they run here. A second call does nothing. */
  @Override
  public synchronized void close() {
    ClosingOrder.closeAll(parts);
  }
}
