package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script sees of commands that do not get as far as to work. */
final class ExitCodesTest {
  private static final String ABSENT = "ab".repeat(32);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ingest", "cat", "stat", "restore", "uploads", "uploads abort", "serve"})
  void shouldEndWellWhenAskedForHelp(String command) throws IOException {
    CommandResult help = castore().run((command + " --help").strip().split(" ")).endedWith(0);
    assertThat(help.text()).startsWith(("Usage: castore " + command).strip() + " ");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void shouldCallItWrongUsageWhenThereIsNoPath() throws IOException {
    CommandResult ingest = castore().run("ingest").endedWith(2);
    assertThat(ingest.err()).contains("Missing required parameter: 'PATH'");
    assertThat(ingest.out()).isEmpty();
  }

  @Test
  void shouldNameTheRolesWhenOneIsUnknown() throws IOException {
    assertThat(castore().run("serve", "--roles", "chunker,cook").endedWith(2).err())
        .contains("cook")
        .contains("[INGEST, CHUNKER, INDEXER, QUERY, WATCH]");
  }

  @Test
  void shouldCallItWrongUsageWhenDigestIsNone() throws IOException {
    assertThat(castore().run("cat", "nonsense").endedWith(2).err())
        .contains("not a digest: \"nonsense\" (expected: 64 hex characters");
  }

  @Test
  void shouldCallItWrongUsageWhenConfigurationKeyIsUnknown() throws IOException {
    assertThat(castore().run("ingest", "x", "--set", "no.such.key=1").endedWith(2).err())
        .contains("unknown configuration key: no.such.key");
    assertThat(Files.exists(directory.resolve("castore-data"))).isFalse();
  }

  @Test
  void shouldCallItFailedWhenDigestIsAbsent() throws IOException {
    assertThat(castore().run("stat", ABSENT).endedWith(1).err()).contains("no blob " + ABSENT);
  }

  @Test
  void shouldCallItUnreachableWhenKafkaDoesNotAnswer() throws IOException {
    CommandResult ingest =
        castore()
            .run(
                "ingest",
                "x",
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--set",
                "kafka.request.timeout.ms=500",
                "--set",
                "kafka.default.api.timeout.ms=1000")
            .endedWith(3);
    assertThat(ingest.err()).contains("Kafka at 127.0.0.1:1 cannot be reached");
  }

  @Test
  void shouldSayWhyWhenKafkaRefusesSetting() throws IOException {
    CommandResult uploads =
        castore()
            .run(
                "uploads",
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--set",
                "kafka.default.api.timeout.ms=1")
            .endedWith(3);
    assertThat(uploads.err()).contains("default.api.timeout.ms must be no smaller than");
  }

  @Test
  void shouldCallItUnreachableWhenStoreDoesNotAnswer() throws IOException {
    CommandResult stat =
        castore()
            .with("CASTORE_STORE_S3_ENDPOINT", "http://127.0.0.1:1")
            .with("CASTORE_STORE_S3_ATTEMPTS", "1")
            .run("stat", ABSENT, "--store", "s3://bucket/prefix")
            .endedWith(3);
    assertThat(stat.err()).contains("s3://bucket/prefix").contains("no usable answer");
  }

  private Castore castore() {
    return Castore.in(directory);
  }
}
