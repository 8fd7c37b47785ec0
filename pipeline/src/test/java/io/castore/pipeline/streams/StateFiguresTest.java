package io.castore.pipeline.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.config.CastoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFiguresTest {
  @TempDir private Path directory;

  @Test
  void shouldTellMemoryAndDisk() throws Exception {
    Files.createDirectories(directory.resolve("a/b"));
    Files.write(directory.resolve("a/one"), new byte[100]);
    Files.write(directory.resolve("a/b/two"), new byte[23]);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    StateFigures.bind(
        CastoreConfig.of(
            Map.of("state.dir", directory.toString(), "state.memory.bytes", "16777216")),
        meters);

    assertThat(meters.get("castore.state.disk.bytes").gauge().value()).isEqualTo(123);
    assertThat(meters.get("castore.state.memory.limit.bytes").gauge().value()).isEqualTo(16777216);
    assertThat(meters.get("castore.state.memory.bytes").gauge().value()).isBetween(0.0, 16777216.0);
  }

  @Test
  void shouldTellNothingOfADirectoryThatIsNotThereYet() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    StateFigures.bind(
        CastoreConfig.of(Map.of("state.dir", directory.resolve("later").toString())), meters);

    assertThat(meters.get("castore.state.disk.bytes").gauge().value()).isZero();
  }
}
