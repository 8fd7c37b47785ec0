package io.castore.pipeline.config;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import io.castore.content.reading.ReadLimits;
import io.castore.pipeline.topics.MessageLimits;
import io.castore.pipeline.topics.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * The configuration of every part, as typed values. The keys are described in {@code
 * docs/configuration.md}, which is made from them.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class CastoreConfig {
  private static final String KAFKA_PREFIX = "kafka.";
  private static final String STREAMS_PREFIX = "streams.";
  private static final Set<String> LOSING_KEYS =
      Set.of(
          STREAMS_PREFIX + "processing.exception.handler",
          STREAMS_PREFIX + "production.exception.handler");
  private static final Duration DRAIN_SLACK = Duration.ofSeconds(15);

  private final Map<String, String> properties;
  private final AbstractConfig values;

  private CastoreConfig(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
    this.values = new AbstractConfig(ConfigKeys.definition(), properties, false);
  }

  /**
   * Checks and takes over properties.
   *
   * @throws InvalidConfigException if there is a key that nothing here knows, or a value that its
   *     key does not take
   */
  public static CastoreConfig of(Map<String, String> properties) throws InvalidConfigException {
    for (String key : properties.keySet()) {
      if (!isKnown(key)) {
        throw new InvalidConfigException(
            "unknown configuration key: " + key + " (see docs/configuration.md)", null);
      }
      if (LOSING_KEYS.contains(key)) {
        throw new InvalidConfigException(
            "configuration key %s cannot be set: with another handler than ours, records that failed could be passed over in silence"
                .formatted(key),
            null);
      }
    }
    try {
      CastoreConfig config = new CastoreConfig(properties);
      check(ConfigKeys.DATA_DIR, config::dataDir);
      check(ConfigKeys.STATE_DIR, config::stateDir);
      check(ConfigKeys.STORE_URL, config::storeUrl);
      check(ConfigKeys.S3_ENDPOINT + " and the other store.s3 keys", config::s3);
      check("server.tls.*", config::server);
      check("client.tls.*", config::client);
      check("source.s3.*", config::sourceS3);
      check(ConfigKeys.OTLP_ENDPOINT, config::telemetry);
      check(ConfigKeys.CHUNKER_DRAIN_TIMEOUT_MS, config::requireDrainOutlastsRequests);
      return config;
    } catch (ConfigException invalid) {
      throw new InvalidConfigException(String.valueOf(invalid.getMessage()), invalid);
    }
  }

  private static void check(String key, Supplier<?> value) throws InvalidConfigException {
    try {
      Object unused = value.get();
    } catch (IllegalArgumentException invalid) {
      throw new InvalidConfigException(
          "configuration key " + key + ": " + invalid.getMessage(), invalid);
    }
  }

  private Duration requireDrainOutlastsRequests() {
    Duration drain = chunkerDrainTimeout();
    Duration longest = s3().longestCall();
    if (drain.compareTo(longest) <= 0) {
      throw new IllegalArgumentException(
          "%d (expected: more than %d, which a request with all its attempts may take, or 0)"
              .formatted(drain.toMillis(), longest.toMillis()));
    }
    return drain;
  }

  static boolean isKnown(String key) {
    return ConfigKeys.definition().names().contains(key)
        || key.startsWith(KAFKA_PREFIX)
        || key.startsWith(STREAMS_PREFIX);
  }

  /** Gives the same configuration with some keys set where they are not yet. */
  public CastoreConfig withDefaults(Map<String, String> defaults) throws InvalidConfigException {
    Map<String, String> merged = new HashMap<>(defaults);
    merged.putAll(properties);
    return of(merged);
  }

  /** Gives the same configuration with some keys set to new values. */
  public CastoreConfig with(Map<String, String> changes) throws InvalidConfigException {
    Map<String, String> merged = new HashMap<>(properties);
    merged.putAll(changes);
    return of(merged);
  }

  /** Directory of the embedded system. */
  public Path dataDir() {
    return Path.of(values.getString(ConfigKeys.DATA_DIR));
  }

  /** The store; below {@link #dataDir()} unless another was named. */
  public StoreUrl storeUrl() {
    String url = values.getString(ConfigKeys.STORE_URL);
    return url.isEmpty()
        ? new StoreUrl.Directory(dataDir().resolve("store").toAbsolutePath())
        : StoreUrl.parse(url);
  }

  /** Whether a store was named. */
  public boolean namesStore() {
    return !values.getString(ConfigKeys.STORE_URL).isEmpty();
  }

  /** How to reach an S3 service. */
  public S3Settings s3() {
    String secret = values.getPassword(ConfigKeys.S3_SECRET_KEY).value();
    S3Settings settings =
        S3Settings.DEFAULTS
            .withRegion(values.getString(ConfigKeys.S3_REGION))
            .withKeys(
                nonEmpty(ConfigKeys.S3_ACCESS_KEY).orElse(null), secret.isEmpty() ? null : secret)
            .withAttempts(values.getInt(ConfigKeys.S3_ATTEMPTS))
            .withAttemptTimeout(
                Duration.ofMillis(values.getLong(ConfigKeys.S3_ATTEMPT_TIMEOUT_MS)));
    return nonEmpty(ConfigKeys.S3_ENDPOINT)
        .map(endpoint -> settings.withEndpoint(URI.create(endpoint)))
        .orElse(settings);
  }

  /** How often a service looks whether the store is there, and the same. */
  public Duration storeCheckInterval() {
    return Duration.ofMillis(values.getLong(ConfigKeys.STORE_CHECK_INTERVAL_MS));
  }

  /** Kafka's brokers, or none where a broker is to run in this process. */
  public Optional<String> bootstrapServers() {
    return nonEmpty(ConfigKeys.BOOTSTRAP_SERVERS);
  }

  /** The names of the topics. */
  public Topics topics() {
    return new Topics(values.getString(ConfigKeys.TOPICS_PREFIX));
  }

  /** Partitions that the topic of chunks is made with. */
  public int chunkPartitions() {
    return values.getInt(ConfigKeys.CHUNK_PARTITIONS);
  }

  /** Partitions that the topics keyed by upload are made with. */
  public int uploadPartitions() {
    return values.getInt(ConfigKeys.UPLOAD_PARTITIONS);
  }

  /** Replicas that topics are made with; -1 for the broker's default. */
  public short replicationFactor() {
    return values.getShort(ConfigKeys.REPLICATION_FACTOR);
  }

  /** Whether Kafka may delete chunks by itself. */
  public boolean allowsChunkRetention() {
    return values.getBoolean(ConfigKeys.CHUNKS_ALLOW_RETENTION);
  }

  /** Bytes of stored chunks that stay in Kafka; none where everything stays. */
  public OptionalLong chunkTailBytes() {
    long bytes = values.getLong(ConfigKeys.CHUNKS_TAIL_BYTES);
    return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  /** How sources are cut into chunks. */
  public ChunkSizes chunkSizes() {
    return new ChunkSizes(values.getInt(ConfigKeys.AVG_CHUNK_BYTES));
  }

  /** What follows from the largest chunk for messages and buffers. */
  public MessageLimits messageLimits() {
    return new MessageLimits(chunkSizes().maxBytes());
  }

  /** The zstd level of chunks. */
  public int zstdLevel() {
    return values.getInt(ConfigKeys.ZSTD_LEVEL);
  }

  /** Sources that are read at a time. */
  public int ingestReaders() {
    return values.getInt(ConfigKeys.INGEST_READERS);
  }

  /** Uploads that may await their end at a time. */
  public int ingestUploadsInFlight() {
    return values.getInt(ConfigKeys.INGEST_IN_FLIGHT);
  }

  /** Memory for records on their way to Kafka, in bytes. */
  public long ingestBufferBytes() {
    return values.getLong(ConfigKeys.INGEST_BUFFER_BYTES);
  }

  /** How long an ingest waits without any progress. */
  public Duration ingestStallTimeout() {
    return Duration.ofMillis(values.getLong(ConfigKeys.INGEST_STALL_TIMEOUT_MS));
  }

  /** Bytes that may wait in Kafka to be stored before an ingest holds back. */
  public long ingestBacklogBytes() {
    return values.getLong(ConfigKeys.INGEST_BACKLOG_BYTES);
  }

  /** Digests that an ingest remembers as stored. */
  public int ingestKnownDigests() {
    return values.getInt(ConfigKeys.INGEST_KNOWN_DIGESTS);
  }

  /** Stream threads that store chunks. */
  public int chunkerThreads() {
    return values.getInt(ConfigKeys.CHUNKER_THREADS);
  }

  /** Chunks that may be on their way to the store at a time. */
  public int chunkerWindowRecords() {
    return values.getInt(ConfigKeys.CHUNKER_WINDOW_RECORDS);
  }

  /** Bytes of chunks that may be on their way to the store at a time. */
  public long chunkerWindowBytes() {
    return values.getLong(ConfigKeys.CHUNKER_WINDOW_BYTES);
  }

  /** How long a commit waits for chunks on their way; longer than any request to the store. */
  public Duration chunkerDrainTimeout() {
    long millis = values.getLong(ConfigKeys.CHUNKER_DRAIN_TIMEOUT_MS);
    return millis == 0 ? s3().longestCall().plus(DRAIN_SLACK) : Duration.ofMillis(millis);
  }

  /** Stream threads that gather receipts. */
  public int indexThreads() {
    return values.getInt(ConfigKeys.INDEX_THREADS);
  }

  /** Whether no object is written for a blob that is a single chunk. */
  public boolean leavesOutSingleChunkBlobs() {
    return values.getString(ConfigKeys.INDEX_SINGLE_CHUNK_BLOBS).equals(ConfigKeys.OMIT);
  }

  /** How long an upload may be silent before it ends as EXPIRED. */
  public Duration uploadExpiry() {
    return Duration.ofMillis(values.getLong(ConfigKeys.UPLOAD_EXPIRY_MS));
  }

  /** Directory for the topologies' local state. */
  public Path stateDir() {
    return nonEmpty(ConfigKeys.STATE_DIR).map(Path::of).orElse(dataDir().resolve("state"));
  }

  /** Memory outside the heap for all local state of a process, in bytes. */
  public long stateMemoryBytes() {
    return values.getLong(ConfigKeys.STATE_MEMORY_BYTES);
  }

  /** Copies of each part of the local state in other processes. */
  public int standbyReplicas() {
    return values.getInt(ConfigKeys.STANDBY_REPLICAS);
  }

  /** Name of this process among those that share the work. */
  public Optional<String> instanceId() {
    return nonEmpty(ConfigKeys.INSTANCE_ID);
  }

  /** How this process serves HTTP and gRPC. */
  public ServerSettings server() {
    return new ServerSettings(
        values.getString(ServiceKeys.SERVER_HOST),
        values.getInt(ServiceKeys.SERVER_PORT),
        nonEmpty(ServiceKeys.SERVER_ADVERTISED_URL).map(URI::create),
        values.getBoolean(ServiceKeys.SERVER_INSECURE),
        file(ServiceKeys.SERVER_TOKENS_FILE),
        file(ServiceKeys.SERVER_TLS_CERT_FILE),
        file(ServiceKeys.SERVER_TLS_KEY_FILE),
        file(ServiceKeys.SERVER_TLS_CLIENT_CA_FILE),
        new ServerLimits(
            values.getInt(ServiceKeys.SERVER_MAX_CONNECTIONS),
            values.getInt(ServiceKeys.SERVER_MAX_REQUESTS),
            values.getInt(ServiceKeys.SERVER_MAX_UPLOADS),
            values.getLong(ServiceKeys.SERVER_MAX_UPLOAD_BYTES),
            values.getInt(ServiceKeys.SERVER_MAX_HEADER_BYTES),
            Duration.ofMillis(values.getLong(ServiceKeys.SERVER_REQUEST_TIMEOUT_MS)),
            Duration.ofMillis(values.getLong(ServiceKeys.SERVER_STALL_TIMEOUT_MS))));
  }

  /** What reading for others may take. */
  public ReadLimits reads() {
    return new ReadLimits(
        ofHeap(ServiceKeys.QUERY_CHUNK_CACHE_BYTES, 8),
        ofHeap(ServiceKeys.QUERY_LIST_CACHE_BYTES, 16),
        ofHeap(ServiceKeys.QUERY_READ_MEMORY_BYTES, 4),
        values.getInt(ServiceKeys.QUERY_READ_AHEAD_CHUNKS),
        values.getInt(ServiceKeys.QUERY_READ_THREADS),
        Duration.ofMillis(values.getLong(ServiceKeys.SERVER_REQUEST_TIMEOUT_MS)));
  }

  /** What this process shows to services that it calls. */
  public ClientSettings client() {
    return new ClientSettings(
        Optional.of(values.getPassword(ServiceKeys.CLIENT_TOKEN).value())
            .filter(token -> !token.isEmpty()),
        file(ServiceKeys.CLIENT_TLS_CA_FILE),
        file(ServiceKeys.CLIENT_TLS_CERT_FILE),
        file(ServiceKeys.CLIENT_TLS_KEY_FILE));
  }

  /** How to reach the S3 service that objects are ingested from. */
  public S3Settings sourceS3() {
    S3Settings store = s3();
    S3Settings settings =
        nonEmpty(FeedKeys.SOURCE_S3_ENDPOINT)
            .map(endpoint -> store.withEndpoint(URI.create(endpoint)).withKeys(null, null))
            .orElse(store);
    String region = nonEmpty(FeedKeys.SOURCE_S3_REGION).orElse(settings.region());
    Optional<String> accessKey = nonEmpty(FeedKeys.SOURCE_S3_ACCESS_KEY);
    String secret = values.getPassword(FeedKeys.SOURCE_S3_SECRET_KEY).value();
    return accessKey.isEmpty() && secret.isEmpty()
        ? settings.withRegion(region)
        : settings
            .withRegion(region)
            .withKeys(accessKey.orElse(null), secret.isEmpty() ? null : secret);
  }

  /** What the role {@code watch} follows, and how much at a time. */
  public WatchSettings watch() {
    return new WatchSettings(
        nonEmpty(FeedKeys.WATCH_TOPIC),
        values.getList(FeedKeys.WATCH_DIRECTORIES).stream().map(Path::of).toList(),
        Duration.ofMillis(values.getLong(FeedKeys.WATCH_STABLE_MS)),
        values.getInt(FeedKeys.WATCH_CONCURRENCY),
        values.getLong(FeedKeys.WATCH_RATE),
        values.getInt(FeedKeys.WATCH_ATTEMPTS));
  }

  /** How uploads are traced. */
  public TelemetrySettings telemetry() {
    return new TelemetrySettings(
        nonEmpty(ConfigKeys.OTLP_ENDPOINT).map(URI::create),
        values.getDouble(ConfigKeys.TRACE_RATIO));
  }

  /** For how long after it was written an object is not collected. */
  public Duration gcGrace() {
    return Duration.ofMillis(values.getLong(FeedKeys.GC_GRACE_MS));
  }

  /** What garbage collection takes of one core at most while uploads come, from 1 to 100. */
  public int gcCpuPercent() {
    return values.getInt(FeedKeys.GC_CPU_PERCENT);
  }

  /** The rules of retention as they were written, {@code PREFIX=AGE} each. */
  public List<String> gcRetention() {
    return values.getList(FeedKeys.GC_RETENTION);
  }

  /** Whether the token may go over plain HTTP to another machine. */
  public boolean allowsTokenInClear() {
    return values.getBoolean(ServiceKeys.CLIENT_INSECURE);
  }

  private long ofHeap(String key, int part) {
    long bytes = values.getLong(key);
    return bytes < 0 ? Runtime.getRuntime().maxMemory() / part : bytes;
  }

  private Optional<Path> file(String key) {
    return nonEmpty(key).map(Path::of);
  }

  /**
   * What every Kafka client gets: the brokers, and the keys that start with {@code kafka.}, without
   * that.
   */
  public Map<String, Object> kafkaClient() {
    Map<String, Object> client = new HashMap<>();
    bootstrapServers().ifPresent(servers -> client.put("bootstrap.servers", servers));
    client.putAll(passedThrough(KAFKA_PREFIX));
    return client;
  }

  /** What Kafka Streams gets beside: the keys that start with {@code streams.}, without that. */
  public Map<String, Object> kafkaStreams() {
    return passedThrough(STREAMS_PREFIX);
  }

  private Map<String, Object> passedThrough(String prefix) {
    return values.originalsWithPrefix(prefix);
  }

  private Optional<String> nonEmpty(String key) {
    return Optional.of(values.getString(key)).filter(value -> !value.isEmpty());
  }
}
