package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in the store as they are, and files that only look so. */
final class UnchangedFilesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path directory;
  private static Castore castore;
  private static CastoreProcess serve;

  @BeforeAll
  static void start() throws IOException {
    castore = Castore.in(directory);
    serve = castore.start("serve");
    URI unused = serve.awaitUrl();
  }

  @AfterAll
  static void stop() throws IOException {
    serve.close();
  }

  /** Writes three files, and ingests them until they are at rest. */
  private static void ingestUntilAtRest(Castore with, String root) throws Exception {
    Contents.write(directory.resolve(root + "/a.txt"), one(root));
    Contents.write(directory.resolve(root + "/sub/b c.txt"), two(root));
    Contents.write(directory.resolve(root + "/sub/empty"), new byte[0]);
    // The first runs may come so soon after the files were written that these are not trusted.
    await().atMost(PATIENCE).until(() -> unchanged(with, root).size() == 3);
  }

  @Test
  void shouldTellOfFilesThatAreThereAsItWouldHadItReadThem() throws Exception {
    ingestUntilAtRest(castore, "told");

    CommandResult again = castore.run("ingest", "told", "--manifest", "m").endedWith(0);

    assertThat(again.lines())
        .containsExactly(
            Contents.line(one("told"), "told/a.txt"),
            Contents.line(two("told"), "told/sub/b c.txt"),
            Contents.line(new byte[0], "told/sub/empty"));
    assertThat(again.err()).contains("3 files, ").contains("; 3 files unchanged");
    assertThat(Files.readString(directory.resolve("m")))
        .contains("\"chunks\":1,\"new_chunks\":0,\"new_bytes\":0,\"unchanged\":true}");
    castore.run("restore", "m", "out").endedWith(0);
    assertThat(directory.resolve("out/told/sub/b c.txt")).hasBinaryContent(two("told"));

    CommandResult forced = castore.run("ingest", "told", "--force").endedWith(0);
    assertThat(forced.lines()).isEqualTo(again.lines());
    assertThat(forced.err()).contains("; 3 files unchanged");

    assertThat(unchanged(castore, "told", "--set", "gc.retention=file:///=1s")).isEmpty();
    assertThat(unchanged(castore, "told", "--set", "gc.retention=file:///=30d")).hasSize(3);
  }

  @Test
  void shouldReadWhatIsAnotherFileThoughItsSizeAndTimeAreTheSame() throws Exception {
    ingestUntilAtRest(castore, "same");
    Path file = directory.resolve("same/a.txt");
    FileTime time = Files.getLastModifiedTime(file);
    Path other = directory.resolve("other");
    Files.write(other, one("neu!"));
    Files.setLastModifiedTime(other, time);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    Path rewritten = directory.resolve("same/sub/b c.txt");
    FileTime rewrittenTime = Files.getLastModifiedTime(rewritten);
    Files.write(rewritten, two("2nd!"));
    Files.setLastModifiedTime(rewritten, rewrittenTime);

    CommandResult again = castore.run("ingest", "same").endedWith(0);

    assertThat(again.lines())
        .contains(
            Contents.line(one("neu!"), "same/a.txt"),
            Contents.line(two("2nd!"), "same/sub/b c.txt"));
    assertThat(again.err()).contains("; 1 file unchanged");
  }

  @Test
  void shouldReadOnceMoreWhatWasRemovedFromTheStore() throws Exception {
    ingestUntilAtRest(castore, "gone");
    String first = Blake3.hash(one("gone")).toHex();
    String second = Blake3.hash(two("gone")).toHex();
    castore.run("rm", first).endedWith(0);

    assertThat(unchanged(castore, "gone")).containsExactly("gone/sub/b c.txt", "gone/sub/empty");

    castore.run("rm", second).endedWith(0);
    castore.run("gc", "--grace", "0").endedWith(0);
    castore.run("cat", second).endedWith(1);

    castore.run("ingest", "gone/sub/b c.txt").endedWith(0);
    castore.run("cat", second).endedWith(0);
    castore.run("cat", first).endedWith(0);
  }

  @Test
  void shouldReadWhatIsInAnotherStore() throws Exception {
    Castore alone = castore.with("CASTORE_DATA_DIR", directory.resolve("alone").toString());
    ingestUntilAtRest(alone, "moved");
    String store = directory.resolve("new").toUri().toString();
    alone.run("ingest", "moved/a.txt", "--store", store, "--reset-state").endedWith(0);

    assertThat(unchanged(alone, "moved/sub", "--store", store)).isEmpty();
  }

  /** Ingests, and tells which files were not read. */
  private static List<String> unchanged(Castore with, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ingest", "--json"));
    command.addAll(List.of(arguments));
    return with.run(command.toArray(String[]::new)).endedWith(0).json().stream()
        .filter(file -> file.path("unchanged").booleanValue())
        .map((JsonNode file) -> file.get("path").textValue())
        .toList();
  }

  private static byte[] one(String root) {
    return ("one of " + root).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] two(String root) {
    return ("two of " + root).getBytes(StandardCharsets.UTF_8);
  }
}
