package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command bench: that each phase is done and told. How fast it was is for people to judge. */
final class BenchTest {
  @TempDir private Path directory;

  @BeforeEach
  void makeVersions() throws IOException {
    for (String version : List.of("v1", "v2")) {
      Path files = Files.createDirectories(directory.resolve(version).resolve("a b"));
      Files.write(files.resolve("large"), Contents.random(600_000, 1));
      Files.write(files.resolve("small"), Contents.random(5_000, 2));
      Files.createFile(files.resolve("empty"));
    }
    Files.write(directory.resolve("v2").resolve("more"), Contents.random(20_000, 3));
  }

  @Test
  void shouldTellFiguresOfEveryPhase() throws IOException {
    CommandResult result =
        Castore.in(directory)
            .run("bench", "v1", "v2", "--work-dir", "work", "--out", "out.json")
            .endedWith(0);
    JsonNode json = new ObjectMapper().readTree(directory.resolve("out.json").toFile());

    for (String phase :
        List.of(
            "start",
            "ingest",
            "again",
            "unchanged",
            "second-version",
            "restore",
            "ranges",
            "verify",
            "cold-ingest",
            "cold-restore")) {
      assertThat(result.text()).contains("\n" + phase.replace('-', ' ') + " ");
      assertPositive(json, phase, "wall_seconds");
      assertPositive(json, phase, "cpu_seconds");
    }
    assertPositive(json, "start", "service_peak_bytes");
    for (String phase : List.of("ingest", "restore", "verify", "cold-ingest")) {
      assertPositive(json, phase, "mb_per_second");
      assertPositive(json, phase, "times_floor");
      assertPositive(json, phase, "client_peak_bytes");
    }
    assertPositive(json, "ranges", "requests_per_second");
    assertThat(figure(json, "warm-up", "rounds")).isEqualTo(1);
    assertThat(figure(json, "warm-up", "last_jit_share")).isBetween(0.0, 1.0);
    assertThat(figure(json, "ingest", "new_bytes")).isEqualTo(605_000);
    assertThat(figure(json, "ingest", "put_requests"))
        .isEqualTo(figure(json, "ingest", "added_objects"));
    assertThat(figure(json, "again", "added_objects")).isZero();
    assertThat(figure(json, "second-version", "new_bytes")).isEqualTo(20_000);
    assertThat(figure(json, "verify", "new_bytes")).isEqualTo(625_000);
    assertThat(figure(json, "verify", "bytes"))
        .as("warm-up is not read")
        .isLessThan(2 * figure(json, "ingest", "new_bytes"));
    assertThat(json.at("/floors/blake3_bytes_per_second").doubleValue()).isPositive();
    assertThat(directory.resolve("work")).isEmptyDirectory();
  }

  private static void assertPositive(JsonNode json, String phase, String figure) {
    assertThat(figure(json, phase, figure)).as(phase + " " + figure).isPositive();
  }

  private static double figure(JsonNode json, String phase, String figure) {
    return json.at("/phases/" + phase + "/" + figure + "/median").doubleValue();
  }

  @Test
  void shouldRefuseWhatIsNoEmptySystem() throws IOException {
    Castore castore = Castore.in(directory);
    assertThat(castore.run("bench", "v1", "--bootstrap-servers", "127.0.0.1:9").endedWith(2).err())
        .contains("bootstrap.servers: 127.0.0.1:9 (expected: none");
    String store = directory.resolve("v2").toUri().toString();
    assertThat(castore.run("bench", "v1", "--store", store).endedWith(2).err())
        .contains("(expected: an empty one");
    assertThat(castore.run("bench", "v1", "--rounds", "0").endedWith(2).err())
        .contains("--rounds: 0 (expected: at least 1)");
  }
}
