package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3SettingsTest {
  @Test
  void shouldHaveTheseDefaults() {
    assertThat(S3Settings.DEFAULTS)
        .isEqualTo(
            new S3Settings(
                URI.create("https://s3.amazonaws.com"),
                "us-east-1",
                null,
                null,
                S3Settings.Addressing.AUTOMATIC,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                5));
  }

  @Test
  void shouldChangeEachValue() {
    assertThat(
            S3Settings.at(URI.create("http://127.0.0.1:9000"))
                .withRegion("eu-west-1")
                .withKeys("access", "secret")
                .withAddressing(S3Settings.Addressing.PATH)
                .withTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(4))
                .withAttempts(2))
        .isEqualTo(
            new S3Settings(
                URI.create("http://127.0.0.1:9000"),
                "eu-west-1",
                "access",
                "secret",
                S3Settings.Addressing.PATH,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                2));
  }

  @Test
  void shouldNeverPrintTheSecretKey() {
    assertThat(S3Settings.DEFAULTS.withKeys("access", "hush-hush").toString())
        .contains("accessKey=access", "secretKey=***")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1",
        "localhost:9000",
        "//127.0.0.1",
        "http:/x",
        "http://127.0.0.1/path",
        "http://127.0.0.1?query=1"
      })
  void shouldRefuseAnEndpointThatIsNone(String endpoint) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.at(URI.create(endpoint)))
        .withMessageStartingWith("S3 endpoint: ");
  }

  @Test
  void shouldKeepSecretsOutOfTheMessageAboutAnEndpoint() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.at(URI.create("http://key:hush@127.0.0.1")))
        .withMessageStartingWith("S3 endpoint: http://***@127.0.0.1 (expected: ");
  }

  @Test
  void shouldRefuseHalfAPairOfKeys() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.DEFAULTS.withKeys("access", null))
        .withMessage("S3 keys: only the access key is set (expected: both, or none)");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.DEFAULTS.withKeys(null, "hush"))
        .withMessage("S3 keys: only the secret key is set (expected: both, or none)");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.DEFAULTS.withKeys("access", ""));
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.DEFAULTS.withAttempts(0))
        .withMessage("S3 attempts: 0 (expected: 1 to 100)");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                S3Settings.DEFAULTS.withTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)))
        .withMessageStartingWith("S3 read timeout: PT0S");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> S3Settings.DEFAULTS.withRegion(" "));
  }

  @Test
  void shouldAddUpAttemptsAndPausesToTheLongestCall() {
    assertThat(S3Settings.DEFAULTS.withAttempts(1).longestCall()).isEqualTo(Duration.ofSeconds(30));
    assertThat(S3Settings.DEFAULTS.withAttempts(3).longestCall())
        .isEqualTo(Duration.ofSeconds(90).plusMillis(300 + 600));
    assertThat(S3Settings.DEFAULTS.withAttempts(10).longestCall())
        .isEqualTo(
            Duration.ofMinutes(5).plusMillis(300 + 600 + 1200 + 2400 + 4800 + 9600 + 3 * 10_000));
  }

  @Test
  void shouldWaitForNothingWithinAnAttemptLongerThanForAllOfIt() {
    S3Settings settings = S3Settings.DEFAULTS.withAttemptTimeout(Duration.ofSeconds(20));

    assertThat(settings.attemptTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.readTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.writeTimeout()).isEqualTo(Duration.ofSeconds(20));
  }
}
