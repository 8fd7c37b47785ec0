package io.castore.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.castore.content.objectstore.StoreUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CastoreConfigTest {
  private static final String SECRET = "correct horse battery staple";

  @Test
  void shouldHaveTheDocumentedDefaults() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(Map.of());

    assertThat(config.dataDir()).isEqualTo(Path.of("./castore-data"));
    assertThat(config.storeUrl())
        .isEqualTo(new StoreUrl.Directory(Path.of("castore-data/store").toAbsolutePath()));
    assertThat(config.namesStore()).isFalse();
    assertThat(config.bootstrapServers()).isEmpty();
    assertThat(config.s3().region()).isEqualTo("us-east-1");
    assertThat(config.s3().accessKey()).isNull();
    assertThat(config.s3().secretKey()).isNull();
    assertThat(config.topics().prefix()).isEqualTo("castore.");
    assertThat(config.chunkPartitions()).isEqualTo(64);
    assertThat(config.uploadPartitions()).isEqualTo(16);
    assertThat(config.replicationFactor()).isEqualTo((short) -1);
    assertThat(config.chunkSizes().averageBytes()).isEqualTo(262_144);
    assertThat(config.messageLimits().largestChunkBytes()).isEqualTo(524_288);
    assertThat(config.zstdLevel()).isEqualTo(3);
    assertThat(config.ingestReaders()).isEqualTo(2);
    assertThat(config.ingestUploadsInFlight()).isEqualTo(1024);
    assertThat(config.ingestBufferBytes()).isEqualTo(64 << 20);
    assertThat(config.ingestStallTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.chunkerThreads()).isEqualTo(2);
    assertThat(config.indexThreads()).isEqualTo(1);
    assertThat(config.leavesOutSingleChunkBlobs()).isFalse();
    assertThat(config.uploadExpiry()).isEqualTo(Duration.ofHours(24));
    assertThat(config.stateDir()).isEqualTo(Path.of("./castore-data/state"));
    assertThat(config.instanceId()).isEmpty();
    assertThat(config.s3().attempts()).isEqualTo(5);
    assertThat(config.s3().attemptTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.storeCheckInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.allowsChunkRetention()).isFalse();
    assertThat(config.chunkTailBytes()).hasValue(64L << 30);
    assertThat(config.ingestBacklogBytes()).isEqualTo(8L << 30);
    assertThat(config.ingestKnownDigests()).isEqualTo(1_000_000);
    assertThat(config.chunkerWindowRecords()).isEqualTo(64);
    assertThat(config.chunkerWindowBytes()).isEqualTo(64 << 20);
    assertThat(config.chunkerDrainTimeout()).isEqualTo(config.s3().longestCall().plusSeconds(15));
    assertThat(config.stateMemoryBytes()).isEqualTo(128 << 20);
    assertThat(config.standbyReplicas()).isZero();
    assertThat(config.kafkaClient()).isEmpty();
    assertThat(config.kafkaStreams()).isEmpty();
  }

  @Test
  void shouldTakeEveryKey() throws InvalidConfigException {
    Map<String, String> everyKey = everyKey();
    CastoreConfig config = CastoreConfig.of(everyKey);

    assertThat(everyKey)
        .containsOnlyKeys(
            ConfigKeys.definition().names().stream()
                .filter(key -> !ServiceConfigTest.isOfServices(key))
                .filter(key -> !FeedConfigTest.isOfFeeds(key))
                .toList());
    assertThat(config.dataDir()).isEqualTo(Path.of("/data"));
    assertThat(config.storeUrl()).isEqualTo(new StoreUrl.S3("bucket", "prefix"));
    assertThat(config.namesStore()).isTrue();
    assertThat(config.bootstrapServers()).contains("one:9092,two:9092");
    assertThat(config.s3().endpoint()).isEqualTo(URI.create("http://127.0.0.1:9000"));
    assertThat(config.s3().region()).isEqualTo("eu-central-1");
    assertThat(config.s3().accessKey()).isEqualTo("access");
    assertThat(config.s3().secretKey()).isEqualTo(SECRET);
    assertThat(config.s3().attempts()).isEqualTo(5);
    assertThat(config.topics().prefix()).isEqualTo("other-");
    assertThat(config.chunkPartitions()).isEqualTo(8);
    assertThat(config.uploadPartitions()).isEqualTo(4);
    assertThat(config.replicationFactor()).isEqualTo((short) 3);
    assertThat(config.chunkSizes().averageBytes()).isEqualTo(65_536);
    assertThat(config.messageLimits().largestChunkBytes()).isEqualTo(131_072);
    assertThat(config.zstdLevel()).isEqualTo(9);
    assertThat(config.ingestReaders()).isEqualTo(7);
    assertThat(config.ingestUploadsInFlight()).isEqualTo(10);
    assertThat(config.ingestBufferBytes()).isEqualTo(33_554_432);
    assertThat(config.ingestStallTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.chunkerThreads()).isEqualTo(11);
    assertThat(config.indexThreads()).isEqualTo(12);
    assertThat(config.leavesOutSingleChunkBlobs()).isTrue();
    assertThat(config.uploadExpiry()).isEqualTo(Duration.ofHours(1));
    assertThat(config.stateDir()).isEqualTo(Path.of("/state"));
    assertThat(config.instanceId()).contains("first");
    assertThat(config.s3().attemptTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.s3().readTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.storeCheckInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.allowsChunkRetention()).isTrue();
    assertThat(config.chunkTailBytes()).isEmpty();
    assertThat(config.ingestBacklogBytes()).isEqualTo(1L << 30);
    assertThat(config.ingestKnownDigests()).isEqualTo(1000);
    assertThat(config.chunkerWindowRecords()).isEqualTo(16);
    assertThat(config.chunkerWindowBytes()).isEqualTo(8 << 20);
    assertThat(config.chunkerDrainTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.stateMemoryBytes()).isEqualTo(64 << 20);
    assertThat(config.standbyReplicas()).isEqualTo(1);
    assertThat(config.telemetry().otlpEndpoint()).contains(URI.create("http://collector:4318"));
    assertThat(config.telemetry().traceRatio()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector:4318", "grpc://collector:4317", "http:", "a b"})
  void shouldRefuseACollectorThatIsNoUrl(String endpoint) {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of("telemetry.otlp.endpoint", endpoint)))
        .withMessageContaining("telemetry.otlp.endpoint: ")
        .withMessageContaining(endpoint);
  }

  @Test
  void shouldRefuseAHandlerThatCouldLoseRecords() {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(
            () -> CastoreConfig.of(Map.of("streams.processing.exception.handler", "any.Handler")))
        .withMessageContaining("streams.processing.exception.handler cannot be set");
  }

  @Test
  void shouldRefuseADrainThatEndsBeforeARequestDoes() {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of("chunker.drain.timeout.ms", "1000")))
        .withMessageContaining("chunker.drain.timeout.ms: 1000 (expected: more than");
  }

  private static Map<String, String> everyKey() {
    return Map.ofEntries(
        entry("data.dir", "/data"),
        entry("store.url", "s3://bucket/prefix"),
        entry("bootstrap.servers", "one:9092,two:9092"),
        entry("store.s3.endpoint", "http://127.0.0.1:9000"),
        entry("store.s3.region", "eu-central-1"),
        entry("store.s3.access.key", "access"),
        entry("store.s3.secret.key", SECRET),
        entry("store.s3.attempts", "5"),
        entry("store.s3.attempt.timeout.ms", "2000"),
        entry("store.check.interval.ms", "3000"),
        entry("topics.chunks.allow.retention", "true"),
        entry("chunks.tail.bytes", "-1"),
        entry("ingest.backlog.bytes", "1073741824"),
        entry("ingest.known.digests", "1000"),
        entry("chunker.window.records", "16"),
        entry("chunker.window.bytes", "8388608"),
        entry("chunker.drain.timeout.ms", "120000"),
        entry("state.memory.bytes", "67108864"),
        entry("state.standby.replicas", "1"),
        entry("topics.prefix", "other-"),
        entry("topics.chunks.partitions", "8"),
        entry("topics.uploads.partitions", "4"),
        entry("topics.replication.factor", "3"),
        entry("chunk.avg.bytes", "65536"),
        entry("zstd.level", "9"),
        entry("ingest.readers", "7"),
        entry("ingest.uploads.in.flight", "10"),
        entry("ingest.buffer.bytes", "33554432"),
        entry("ingest.stall.timeout.ms", "30000"),
        entry("chunker.threads", "11"),
        entry("index.threads", "12"),
        entry("index.single.chunk.blobs", "omit"),
        entry("upload.expiry.ms", "3600000"),
        entry("state.dir", "/state"),
        entry("instance.id", "first"),
        entry("telemetry.otlp.endpoint", "http://collector:4318"),
        entry("telemetry.trace.ratio", "0.25"));
  }

  @Test
  void shouldNameAKeyThatNothingKnows() {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of("chunk.avg.size", SECRET)))
        .withMessage("unknown configuration key: chunk.avg.size (see docs/configuration.md)");
  }

  @ParameterizedTest
  @CsvSource({
    "chunk.avg.bytes, 511",
    "chunk.avg.bytes, 2097153",
    "chunk.avg.bytes, many",
    "chunk.avg.bytes, ''",
    "zstd.level, 0",
    "zstd.level, 20",
    "topics.chunks.partitions, 0",
    "topics.replication.factor, 0",
    "topics.replication.factor, -2",
    "topics.prefix, a/b",
    "ingest.buffer.bytes, 1000",
    "ingest.stall.timeout.ms, 1",
    "upload.expiry.ms, -1",
    "data.dir, ''",
    "store.url, ftp://bucket",
    "store.s3.endpoint, not a url",
    "store.s3.attempts, 101",
  })
  void shouldNameTheKeyAndTheValueThatItDoesNotTake(String key, String value) {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of(key, value)))
        .withMessageContaining(key)
        .withMessageContaining(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"store.s3.attempts", "store.s3.region", "store.s3.endpoint"})
  void shouldNeverTellASecret(String badKey) {
    Map<String, String> properties = new HashMap<>(everyKey());
    properties.put(badKey, "");
    properties.put("zstd.level", "-5");

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(properties))
        .satisfies(
            failure -> {
              for (Throwable e = failure; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain(SECRET);
              }
            });
  }

  @Test
  void shouldNotTellTheSecretKeyThatHasNoAccessKey() {
    try {
      CastoreConfig config = CastoreConfig.of(Map.of("store.s3.secret.key", SECRET));
      assertThat(config.s3().toString()).doesNotContain(SECRET);
    } catch (InvalidConfigException refused) {
      assertThat(refused).message().doesNotContain(SECRET);
    }
  }

  @Test
  void shouldPassKeysThroughToKafka() throws InvalidConfigException {
    CastoreConfig config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", "one:9092",
                "kafka.security.protocol", "SASL_SSL",
                "streams.num.standby.replicas", "1"));

    assertThat(config.kafkaClient())
        .containsOnly(
            entry("bootstrap.servers", "one:9092"), entry("security.protocol", "SASL_SSL"));
    assertThat(config.kafkaStreams()).containsOnly(entry("num.standby.replicas", "1"));
  }

  @Test
  void shouldLetWhatIsSetWinOverLaterDefaultsAndLoseToChanges() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(Map.of("zstd.level", "5"));
    Map<String, String> more = Map.of("zstd.level", "7", "index.threads", "3");

    CastoreConfig withDefaults = config.withDefaults(more);
    CastoreConfig changed = config.with(more);

    assertThat(withDefaults.zstdLevel()).isEqualTo(5);
    assertThat(withDefaults.indexThreads()).isEqualTo(3);
    assertThat(changed.zstdLevel()).isEqualTo(7);
    assertThat(config.zstdLevel()).isEqualTo(5);
  }
}
