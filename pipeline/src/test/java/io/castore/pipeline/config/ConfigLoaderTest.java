package io.castore.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.objectstore.StoreUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  @TempDir private Path directory;

  @Test
  void shouldLetTheEnvironmentWinOverTheFileAndFlagsOverBoth() throws Exception {
    Path file = file("zstd.level=4\nindex.threads=4\nchunker.threads=4\n");
    Map<String, String> environment =
        Map.of("CASTORE_INDEX_THREADS", "5", "CASTORE_CHUNKER_THREADS", "5");
    Map<String, String> flags = Map.of("chunker.threads", "6");

    CastoreConfig config = ConfigLoader.load(file, environment, flags);

    assertThat(config.zstdLevel()).isEqualTo(4);
    assertThat(config.indexThreads()).isEqualTo(5);
    assertThat(config.chunkerThreads()).isEqualTo(6);
  }

  @Test
  void shouldNeedNoFile() throws InvalidConfigException {
    assertThat(ConfigLoader.load(null, Map.of(), Map.of()).zstdLevel()).isEqualTo(3);
  }

  @Test
  void shouldReadVariablesOfKeysAndPassOthersBy() throws InvalidConfigException {
    CastoreConfig config =
        ConfigLoader.load(
            null,
            Map.of(
                "CASTORE_STORE_URL", "memory:",
                "CASTORE_KAFKA_SECURITY_PROTOCOL", "SSL",
                "CASTORE_JVM_OPTS", "-Xmx1g",
                "ZSTD_LEVEL", "9"),
            Map.of());

    assertThat(config.storeUrl()).isEqualTo(new StoreUrl.Memory());
    assertThat(config.kafkaClient()).containsOnlyKeys("security.protocol");
    assertThat(config.zstdLevel()).isEqualTo(3);
  }

  @Test
  void shouldReadTheFileAsUtf8() throws Exception {
    assertThat(ConfigLoader.load(file("data.dir=/däta \n"), Map.of(), Map.of()).dataDir())
        .isEqualTo(Path.of("/däta"));
  }

  @Test
  void shouldNameAnUnknownKeyOfTheFile() throws IOException {
    Path file = file("zstd.levl=4\n");

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .withMessageContaining("zstd.levl");
  }

  @Test
  void shouldNameAFileThatCannotBeRead() {
    Path missing = directory.resolve("missing.properties");

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> ConfigLoader.load(missing, Map.of(), Map.of()))
        .withMessageContaining(missing.toString());
  }

  @Test
  void shouldNameAFileThatIsNoPropertiesFile() throws IOException {
    Path file = file("zstd.level=\\u12\n");

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .withMessageContaining(file.toString());
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("castore.properties"), content);
  }
}
