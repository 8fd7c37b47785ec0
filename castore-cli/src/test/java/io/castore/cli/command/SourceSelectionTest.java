package io.castore.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceSelectionTest {
  @ParameterizedTest
  @CsvSource({
    "s3://bucket/dir/, s3://bucket/dir/a/b, a/b",
    "s3://bucket/dir/a, s3://bucket/dir/a/b, a/b",
    "s3://bucket/dir/a, s3://bucket/dir/a, a",
    "s3://bucket/dir/a, s3://bucket/dir/aa, aa",
    "s3://buc, s3://bucket/a%20b, bucket/a b",
    "file:///, file:///etc/hosts, etc/hosts",
    "stdin:, stdin:-, stdin:-",
    "'', s3://bucket/a, s3://bucket/a"
  })
  void shouldGiveWhatFollowsTheLastSlashOfThePrefix(String prefix, String name, String path) {
    assertThat(SourceSelection.of(prefix).pathBelow(name).shown()).isEqualTo(path);
  }

  @Test
  void shouldGiveWhatIsBelowAPath() {
    SourceSelection docs = SourceSelection.of("/srv/docs/");

    assertThat(docs.prefix()).isEqualTo("file:///srv/docs");
    assertThat(docs.pathBelow("file:///srv/docs/a/b.txt").shown()).isEqualTo("a/b.txt");
    assertThat(docs.pathBelow("file:///srv/docs").shown()).isEqualTo("docs");
  }

  @Test
  void shouldTakeARelativePathFromTheWorkingDirectory() {
    assertThat(SourceSelection.of("docs").prefix())
        .isEqualTo("file://" + Path.of("").toAbsolutePath() + "/docs");
  }
}
