package io.castore.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the peers are told to do. */
final class PeerCallsTest {
  @TempDir private Path directory;

  private Place place(String... files) throws IOException {
    for (String version : List.of("v1", "v2")) {
      Path root = Files.createDirectories(directory.resolve("corpus").resolve(version));
      for (String file : files) {
        Files.writeString(root.resolve(file), version);
      }
    }
    return Place.in(directory.resolve("work"), Versions.in(directory.resolve("corpus")));
  }

  @Test
  void shouldRestoreFirstVersionWithRestic() throws IOException {
    Place place = place("a", "b");
    Call restore = new Restic(List.of("nice", "restic")).call(Task.RESTORE, place);
    assertThat(restore.words())
        .startsWith("nice", "restic", "restore", "latest", "--tag", "first", "--target")
        .endsWith("--cache-dir", place.scratch().resolve("cache").toString());
    assertThat(restore.environment()).containsEntry("RESTIC_PASSWORD", "x");
  }

  @Test
  void shouldReadAllAgainWithBorg() throws IOException {
    Call again = new Borg(List.of("borg")).call(Task.AGAIN, place("a"));
    assertThat(again.words()).containsSequence("--files-cache", "disabled", "v1");
    assertThat(again.directory()).isEqualTo(directory.resolve("corpus").toRealPath());
  }

  @Test
  void shouldStoreOneFileAsSuchWithDesync() throws IOException {
    Place place = place("a");
    Desync desync = new Desync(List.of("desync"));
    assertThat(desync.call(Task.SECOND, place).words())
        .startsWith("desync", "make", "-m", "64:256:1024")
        .endsWith(place.versions().second().root().resolve("a").toString());
    assertThat(desync.call(Task.RESTORE, place).words())
        .endsWith(place.restored().resolve("v1").resolve("a").toString());
    assertThat(place.restored().resolve("v1")).isEmptyDirectory();
  }

  @Test
  void shouldStoreManyFilesAsAnArchiveWithDesync() throws IOException {
    Call ingest = new Desync(List.of("desync")).call(Task.INGEST, place("a", "b"));
    assertThat(ingest.words()).startsWith("desync", "tar", "-i");
  }
}
