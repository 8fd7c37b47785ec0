package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusTest {
  @TempDir private Path directory;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String root : new String[] {"v1", "copy/v1"}) {
      Path inner = Files.createDirectories(directory.resolve(root).resolve("inner"));
      Files.writeString(inner.resolve("file"), "content");
      Files.createFile(inner.resolveSibling("empty"));
    }
    Files.createSymbolicLink(directory.resolve("v1/link"), Path.of("inner"));
  }

  private Corpus corpus() throws IOException {
    return Corpus.of(directory.resolve("v1"));
  }

  @Test
  void shouldFindRegularFiles() throws IOException {
    assertThat(corpus().files()).hasSize(2);
    assertThat(corpus().bytes()).isEqualTo(7);
  }

  @Test
  void shouldTakeOneFile() throws IOException {
    Corpus file = Corpus.of(directory.resolve("v1/inner/file"));
    assertThat(file.files()).hasSize(1);
    assertThat(file.directory().relativize(file.root())).isEqualTo(Path.of("file"));
  }

  @Test
  void shouldRefuseWhatHasNoContent() {
    Path empty = directory.resolve("v1/empty");
    assertThatThrownBy(() -> Corpus.of(empty))
        .hasMessage(empty + ": nothing to measure with (expected: files with content)");
  }

  @Test
  void shouldPassACopyThatIsTheSame() throws IOException {
    corpus().compare(directory.resolve("copy"));
  }

  @Test
  void shouldNameAFileThatDiffers() throws IOException {
    Files.writeString(directory.resolve("copy/v1/inner/file"), "Content");
    assertThatThrownBy(() -> corpus().compare(directory.resolve("copy")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("copy/v1/inner/file: not the same as ");
  }

  @Test
  void shouldTellOfFilesThatAreTooMany() throws IOException {
    Files.createFile(directory.resolve("copy/v1/more"));
    assertThatThrownBy(() -> corpus().compare(directory.resolve("copy")))
        .hasMessageEndingWith("3 files (expected: 2)");
  }
}
