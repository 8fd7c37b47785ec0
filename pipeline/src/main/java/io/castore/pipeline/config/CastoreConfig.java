package io.castore.pipeline.config;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import io.castore.pipeline.topics.MessageLimits;
import io.castore.pipeline.topics.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    }
    try {
      CastoreConfig config = new CastoreConfig(properties);
      check(ConfigKeys.DATA_DIR, config::dataDir);
      check(ConfigKeys.STATE_DIR, config::stateDir);
      check(ConfigKeys.STORE_URL, config::storeUrl);
      check(ConfigKeys.S3_ENDPOINT + " and the other store.s3 keys", config::s3);
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
            .withAttempts(values.getInt(ConfigKeys.S3_ATTEMPTS));
    return nonEmpty(ConfigKeys.S3_ENDPOINT)
        .map(endpoint -> settings.withEndpoint(URI.create(endpoint)))
        .orElse(settings);
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

  /** Stream threads that store chunks. */
  public int chunkerThreads() {
    return values.getInt(ConfigKeys.CHUNKER_THREADS);
  }

  /** Stream threads that gather receipts. */
  public int indexThreads() {
    return values.getInt(ConfigKeys.INDEX_THREADS);
  }

  /** How long an upload may be silent before it ends as EXPIRED. */
  public Duration uploadExpiry() {
    return Duration.ofMillis(values.getLong(ConfigKeys.UPLOAD_EXPIRY_MS));
  }

  /** Directory for the topologies' local state. */
  public Path stateDir() {
    return nonEmpty(ConfigKeys.STATE_DIR).map(Path::of).orElse(dataDir().resolve("state"));
  }

  /** Name of this process among those that share the work. */
  public Optional<String> instanceId() {
    return nonEmpty(ConfigKeys.INSTANCE_ID);
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
