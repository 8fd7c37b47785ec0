package io.castore.benchmarks.curves;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.cli.bench.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadTest {
  @TempDir private Path directory;

  @Test
  void shouldSpreadFilesOverParts() throws IOException {
    List<Corpus> parts = new Load(7, 100).write(directory, 3);
    assertThat(parts).extracting(part -> part.files().size()).containsExactly(3, 2, 2);
    assertThat(parts).extracting(Corpus::bytes).containsExactly(300L, 200L, 200L);
    Path first = parts.get(0).files().get(0).path();
    Path second = parts.get(1).files().get(0).path();
    assertThat(Files.mismatch(first, second)).isNotNegative();
  }
}
