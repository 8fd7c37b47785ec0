package io.castore.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.objectstore.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FeedConfigTest {
  private static final String SECRET = "not to be shown";

  private static final Map<String, String> STORE =
      Map.of(
          "store.s3.endpoint", "http://store:9000",
          "store.s3.region", "store-region",
          "store.s3.access.key", "store-key",
          "store.s3.secret.key", "store-secret");

  private static final Map<String, String> EVERY_KEY =
      Map.ofEntries(
          Map.entry("source.s3.endpoint", "http://source:9000"),
          Map.entry("source.s3.region", "source-region"),
          Map.entry("source.s3.access.key", "source-key"),
          Map.entry("source.s3.secret.key", SECRET),
          Map.entry("watch.topic", "bucket-events"),
          Map.entry("watch.directories", "/in,/drop"),
          Map.entry("watch.stable.ms", "11"),
          Map.entry("watch.concurrency", "2"),
          Map.entry("watch.rate", "3"),
          Map.entry("watch.attempts", "4"),
          Map.entry("gc.grace.ms", "5"),
          Map.entry("gc.retention", "s3://logs/=90d,file:///tmp/=12h"),
          Map.entry("gc.cpu.percent", "6"));

  static boolean isOfFeeds(String key) {
    return Stream.of("source.", "watch.", "gc.").anyMatch(key::startsWith);
  }

  @Test
  void shouldTakeEveryKey() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(EVERY_KEY);

    assertThat(EVERY_KEY)
        .containsOnlyKeys(
            ConfigKeys.definition().names().stream().filter(FeedConfigTest::isOfFeeds).toList());
    assertThat(config.sourceS3())
        .isEqualTo(
            S3Settings.at(URI.create("http://source:9000"))
                .withRegion("source-region")
                .withKeys("source-key", SECRET));
    assertThat(config.watch())
        .isEqualTo(
            new WatchSettings(
                Optional.of("bucket-events"),
                List.of(Path.of("/in"), Path.of("/drop")),
                Duration.ofMillis(11),
                2,
                3,
                4));
    assertThat(config.gcGrace()).isEqualTo(Duration.ofMillis(5));
    assertThat(config.gcCpuPercent()).isEqualTo(6);
    assertThat(config.gcRetention()).containsExactly("s3://logs/=90d", "file:///tmp/=12h");
  }

  @Test
  void shouldFollowNothingAndDropNothingByDefault() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(Map.of());

    assertThat(config.watch().isAny()).isFalse();
    assertThat(config.gcRetention()).isEmpty();
    assertThat(config.gcGrace()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void shouldReadSourcesWhereTheStoreIsUnlessToldOtherwise() throws InvalidConfigException {
    assertThat(CastoreConfig.of(STORE).sourceS3()).isEqualTo(CastoreConfig.of(STORE).s3());
  }

  @Test
  void shouldNotShowTheStoresKeysToAnotherService() throws InvalidConfigException {
    S3Settings source =
        CastoreConfig.of(STORE).with(Map.of("source.s3.endpoint", "http://source")).sourceS3();

    assertThat(source.accessKey()).isNull();
    assertThat(source.secretKey()).isNull();
  }

  @Test
  void shouldRefuseOneOfTwoKeys() {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of("source.s3.access.key", "alone")))
        .withMessageContaining("source.s3");
  }

  @Test
  void shouldNeverShowTheSecret() throws InvalidConfigException {
    assertThat(CastoreConfig.of(EVERY_KEY).sourceS3().toString()).doesNotContain(SECRET);
  }
}
