package io.castore.pipeline.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.reading.ReadLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of the server and of those that call it. */
final class ServiceConfigTest {
  private static final String SECRET = "castore_secret";

  private static final Map<String, String> EVERY_KEY =
      Map.ofEntries(
          entry("server.host", "0.0.0.0"),
          entry("server.port", "9"),
          entry("server.advertised.url", "https://castore.example:8443"),
          entry("server.insecure", "true"),
          entry("server.tokens.file", "/tokens"),
          entry("server.tls.cert.file", "/cert"),
          entry("server.tls.key.file", "/key"),
          entry("server.tls.client.ca.file", "/ca"),
          entry("server.max.connections", "1"),
          entry("server.max.requests", "2"),
          entry("server.max.uploads", "3"),
          entry("server.max.upload.bytes", "4"),
          entry("server.max.header.bytes", "5000"),
          entry("server.request.timeout.ms", "6000"),
          entry("server.stall.timeout.ms", "7000"),
          entry("query.chunk.cache.bytes", "8"),
          entry("query.list.cache.bytes", "9"),
          entry("query.read.memory.bytes", "10"),
          entry("query.read.ahead.chunks", "11"),
          entry("query.read.threads", "12"),
          entry("client.token", SECRET),
          entry("client.insecure", "true"),
          entry("client.tls.ca.file", "/client-ca"),
          entry("client.tls.cert.file", "/client-cert"),
          entry("client.tls.key.file", "/client-key"));

  static boolean isOfServices(String key) {
    return key.startsWith("server.") || key.startsWith("query.") || key.startsWith("client.");
  }

  @Test
  void shouldHaveTheseDefaults() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(Map.of());

    assertThat(config.server())
        .isEqualTo(
            new ServerSettings(
                "127.0.0.1",
                8080,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new ServerLimits(
                    2048,
                    1024,
                    16,
                    1L << 40,
                    16_384,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30))));
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(config.reads())
        .isEqualTo(new ReadLimits(heap / 8, heap / 16, heap / 4, 4, 16, Duration.ofSeconds(60)));
    assertThat(config.client())
        .isEqualTo(
            new ClientSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    assertThat(config.allowsTokenInClear()).isFalse();
  }

  @Test
  void shouldTakeEveryKey() throws InvalidConfigException {
    CastoreConfig config = CastoreConfig.of(EVERY_KEY);

    assertThat(EVERY_KEY)
        .containsOnlyKeys(
            ConfigKeys.definition().names().stream()
                .filter(ServiceConfigTest::isOfServices)
                .toList());
    assertThat(config.server())
        .isEqualTo(
            new ServerSettings(
                "0.0.0.0",
                9,
                Optional.of(URI.create("https://castore.example:8443")),
                true,
                Optional.of(Path.of("/tokens")),
                Optional.of(Path.of("/cert")),
                Optional.of(Path.of("/key")),
                Optional.of(Path.of("/ca")),
                new ServerLimits(1, 2, 3, 4, 5000, Duration.ofSeconds(6), Duration.ofSeconds(7))));
    assertThat(config.reads()).isEqualTo(new ReadLimits(8, 9, 10, 11, 12, Duration.ofSeconds(6)));
    assertThat(config.client())
        .isEqualTo(
            new ClientSettings(
                Optional.of(SECRET),
                Optional.of(Path.of("/client-ca")),
                Optional.of(Path.of("/client-cert")),
                Optional.of(Path.of("/client-key"))));
    assertThat(config.allowsTokenInClear()).isTrue();
  }

  @Test
  void shouldNeverShowTheToken() throws InvalidConfigException {
    assertThat(CastoreConfig.of(EVERY_KEY).client().toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "server.tls.cert.file, server.tls.key.file",
    "server.tls.key.file, server.tls.cert.file",
    "server.tls.client.ca.file, server.tls.cert.file",
    "client.tls.cert.file, client.tls.key.file"
  })
  void shouldRefuseAFileWithoutTheOneThatGoesWithIt(String given, String missing) {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> CastoreConfig.of(Map.of(given, "/file")))
        .withMessageContaining(given)
        .withMessageContaining(missing);
  }
}
