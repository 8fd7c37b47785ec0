package io.castore.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigReferenceTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md");

  /** {@code -Dcastore.docs.update=true} writes the page anew. */
  @Test
  void shouldBeThePageInTheDocs() throws IOException {
    if (Boolean.getBoolean("castore.docs.update")) {
      Files.writeString(PAGE, ConfigReference.markdown());
    }

    assertThat(PAGE).content().isEqualTo(ConfigReference.markdown());
  }

  @Test
  void shouldHaveARowForEachKey() {
    assertThat(ConfigReference.markdown().lines().filter(line -> line.startsWith("| `")))
        .hasSameSizeAs(ConfigKeys.definition().names());
  }

  @Test
  void shouldShowNoDefaultOfASecret() {
    assertThat(ConfigReference.markdown()).contains("| `store.s3.secret.key` | password |  |  |");
  }
}
