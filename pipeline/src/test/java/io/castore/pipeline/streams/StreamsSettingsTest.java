package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

final class StreamsSettingsTest {
  private static final int MIB = 1 << 20;

  @Test
  void shouldHaveTheSettingsThatTheGuaranteesStandOn() throws InvalidConfigException {
    assertThat(settings(Map.of()))
        .containsEntry("application.id", "castore.chunker-01234567")
        .containsEntry("state.dir", Path.of("./castore-data/state").toAbsolutePath().toString())
        .containsEntry("num.stream.threads", 3)
        .containsEntry("processing.guarantee", "at_least_once")
        .containsEntry("commit.interval.ms", 1000)
        .containsEntry("statestore.cache.max.bytes", 0)
        .containsEntry("buffered.records.per.partition", 2)
        .containsEntry("replication.factor", -1)
        .containsEntry("main.consumer.auto.offset.reset", "none")
        .containsEntry("main.consumer.max.poll.records", 21)
        .containsEntry("main.consumer.max.partition.fetch.bytes", 640 << 10)
        .containsEntry("restore.consumer.max.partition.fetch.bytes", 256 << 10)
        .containsEntry("consumer.fetch.max.bytes", 8 * MIB)
        .containsEntry("producer.buffer.memory", 16 * MIB)
        .containsEntry("num.standby.replicas", 0)
        .containsEntry("rocksdb.config.setter", BoundedRocksDb.class)
        .containsEntry("castore.state.memory.bytes", 128L * MIB)
        .containsEntry("castore.state.databases", 2 * 64 + 4 * 16)
        .containsEntry("consumer.session.timeout.ms", 10_000)
        .containsEntry("consumer.heartbeat.interval.ms", 3_000)
        .containsEntry("producer.linger.ms", 5)
        .containsEntry("producer.max.request.size", 4 * MIB)
        .containsEntry("topic.max.message.bytes", 2 * MIB)
        .containsEntry("production.exception.handler", OversizedDeadLetters.class)
        .containsEntry(
            "castore.dead.letter.queues", List.of("castore.chunks-dlq", "castore.events-dlq"))
        .doesNotContainKey("consumer.group.instance.id");
  }

  @Test
  void shouldBeSettingsThatKafkaStreamsTakes() throws InvalidConfigException {
    StreamsConfig streams =
        new StreamsConfig(settings(Map.of("bootstrap.servers", "one:9092", "instance.id", "a")));

    Map<String, Object> consumer =
        streams.getMainConsumerConfigs("castore.chunker-01234567", "client", 1);
    assertThat(consumer)
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("max.poll.records", 21)
        .containsEntry("group.instance.id", "a-1");
  }

  @Test
  void shouldLetTheUsersKafkaKeysWin() throws InvalidConfigException {
    StreamsConfig streams =
        new StreamsConfig(
            settings(
                Map.of(
                    "bootstrap.servers", "one:9092",
                    "kafka.session.timeout.ms", "30000",
                    "kafka.linger.ms", "50",
                    "kafka.max.poll.records", "7",
                    "kafka.max.poll.interval.ms", "1000",
                    "kafka.security.protocol", "SSL")));

    assertThat(streams.getMainConsumerConfigs("castore.chunker-01234567", "client", 0))
        .containsEntry("session.timeout.ms", "30000")
        .containsEntry("max.poll.records", "7")
        .containsEntry("security.protocol", "SSL");
    assertThat(streams.getProducerConfigs("client"))
        .containsEntry("linger.ms", "50")
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void shouldLetTheUsersStreamsKeysWin() throws InvalidConfigException {
    assertThat(
            settings(
                Map.of(
                    "kafka.session.timeout.ms", "30000",
                    "streams.consumer.session.timeout.ms", "20000",
                    "streams.commit.interval.ms", "100",
                    "streams.num.standby.replicas", "1")))
        .containsEntry("consumer.session.timeout.ms", "20000")
        .containsEntry("commit.interval.ms", "100")
        .containsEntry("num.standby.replicas", "1");
  }

  @Test
  void shouldNeverSkipAGapBecauseOfAKeyForAllClients() throws InvalidConfigException {
    StreamsConfig streams =
        new StreamsConfig(
            settings(Map.of("bootstrap.servers", "one:9092", "kafka.auto.offset.reset", "latest")));

    assertThat(streams.getMainConsumerConfigs("castore.chunker-01234567", "client", 0))
        .containsEntry("auto.offset.reset", "none");
  }

  @Test
  void shouldNestItsDeadlines() throws InvalidConfigException {
    for (Map<String, String> properties :
        List.of(
            Map.<String, String>of(),
            Map.of("store.s3.attempts", "1"),
            Map.of("store.s3.attempts", "100", "store.s3.attempt.timeout.ms", "600000"),
            Map.of("store.s3.attempts", "2", "store.s3.attempt.timeout.ms", "100"),
            Map.of("chunker.drain.timeout.ms", "604800000"),
            Map.of("kafka.max.poll.interval.ms", "1000"))) {
      CastoreConfig config = CastoreConfig.of(properties);
      Duration call = config.s3().longestCall();
      Duration drain = config.chunkerDrainTimeout();

      assertThat(config.s3().attemptTimeout()).isLessThanOrEqualTo(call);
      assertThat(call).isLessThan(drain);
      assertThat(settings(properties))
          .hasEntrySatisfying(
              "main.consumer.max.poll.interval.ms",
              silence ->
                  assertThat((Integer) silence)
                      .isGreaterThan(Math.toIntExact(drain.plus(call).multipliedBy(2).toMillis())));
    }
  }

  @Test
  void shouldKeepStandbysWhereThatIsConfigured() throws InvalidConfigException {
    assertThat(settings(Map.of("state.standby.replicas", "2")))
        .containsEntry("num.standby.replicas", 2);
  }

  private static Map<String, Object> settings(Map<String, String> properties)
      throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(properties);
    StreamsApplication application =
        StreamsApplication.of(
            config.topics(), "chunker", "0123456789abcdef", config.topics().chunks());
    Properties settings = StreamsSettings.of(config, application, 3);
    Map<String, Object> map = new HashMap<>();
    settings.forEach((key, value) -> map.put(key.toString(), value));
    return map;
  }
}
