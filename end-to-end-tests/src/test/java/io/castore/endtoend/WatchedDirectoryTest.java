package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that looks after a directory, as the role {@code watch} of {@code serve}. */
final class WatchedDirectoryTest {
  private static final byte[] FIRST = Contents.random(700_000, 1);
  private static final byte[] SECOND = Contents.random(800_000, 2);

  /**
   * One for all: it is asked many times a second, and a service takes so many connections alone.
   */
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @Test
  void shouldIngestWhatIsThereAndWhatComes() throws Exception {
    Castore castore = Castore.in(directory);
    Contents.write(directory.resolve("in/before.bin"), FIRST);
    try (CastoreProcess serve =
        castore.start("serve", "--set", "watch.directories=in", "--set", "watch.stable.ms=2000")) {
      URI url = serve.awaitUrl();
      serve.awaitUntil("a file that was there", () -> ingested(url) == 1);
      Contents.write(directory.resolve("late.bin"), SECOND);
      Files.move(directory.resolve("late.bin"), directory.resolve("in/late.bin"));
      serve.awaitUntil("a file that came", () -> ingested(url) == 2);

      String base = "file://" + directory.toRealPath() + "/in/";
      assertThat(castore.run("ls", "in").endedWith(0).lines())
          .isEqualTo(
              List.of(
                  Contents.line(FIRST, base + "before.bin"),
                  Contents.line(SECOND, base + "late.bin")));
      serve.signal("TERM");
      assertThat(serve.awaitEnd().endedWith(128 + 15).err()).doesNotContain("ERROR");
    }
  }

  private static int ingested(URI url) throws Exception {
    HttpResponse<String> metrics =
        HTTP.send(
            HttpRequest.newBuilder(url.resolve("/metrics")).build(),
            HttpResponse.BodyHandlers.ofString());
    return metrics
        .body()
        .lines()
        .filter(line -> line.startsWith("castore_watch_ingested_total "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
