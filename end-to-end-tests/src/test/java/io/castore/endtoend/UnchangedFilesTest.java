package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.digest.Blake3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in the store as they are, and files that only look so. */
final class UnchangedFilesTest {
  private static final byte[] ONE = bytes("one");
  private static final byte[] TWO = bytes("two");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private Castore castore;

  @BeforeEach
  void ingestUntilFilesAreAtRest() throws Exception {
    castore = Castore.in(directory);
    Contents.write(directory.resolve("in/a.txt"), ONE);
    Contents.write(directory.resolve("in/sub/b c.txt"), TWO);
    Contents.write(directory.resolve("in/sub/empty"), new byte[0]);
    // The first runs may come so soon after the files were written that these are not trusted.
    await().atMost(PATIENCE).until(() -> unchanged("in").size() == 3);
  }

  @Test
  void shouldTellOfFilesThatAreThereAsItWouldHadItReadThem() throws Exception {
    CommandResult again = castore.run("ingest", "in", "--manifest", "m").endedWith(0);

    assertThat(again.lines())
        .containsExactly(
            Contents.line(ONE, "in/a.txt"),
            Contents.line(TWO, "in/sub/b c.txt"),
            Contents.line(new byte[0], "in/sub/empty"));
    assertThat(again.err()).contains("3 files, 6 B in ").contains("; 3 files unchanged");
    assertThat(Files.readString(directory.resolve("m")))
        .contains("\"chunks\":1,\"new_chunks\":0,\"new_bytes\":0,\"unchanged\":true}");
    castore.run("restore", "m", "out").endedWith(0);
    assertThat(directory.resolve("out/in/sub/b c.txt")).hasBinaryContent(TWO);

    CommandResult forced = castore.run("ingest", "in", "--force").endedWith(0);
    assertThat(forced.lines()).isEqualTo(again.lines());
    assertThat(forced.err()).doesNotContain("unchanged");
  }

  @Test
  void shouldReadWhatIsAnotherFileThoughItsSizeAndTimeAreTheSame() throws Exception {
    Path file = directory.resolve("in/a.txt");
    FileTime time = Files.getLastModifiedTime(file);
    Path other = directory.resolve("other");
    Files.write(other, bytes("neu"));
    Files.setLastModifiedTime(other, time);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    Path rewritten = directory.resolve("in/sub/b c.txt");
    FileTime rewrittenTime = Files.getLastModifiedTime(rewritten);
    Files.write(rewritten, bytes("2nd"));
    Files.setLastModifiedTime(rewritten, rewrittenTime);

    CommandResult again = castore.run("ingest", "in").endedWith(0);

    assertThat(again.lines())
        .contains(
            Contents.line(bytes("neu"), "in/a.txt"), Contents.line(bytes("2nd"), "in/sub/b c.txt"));
    assertThat(again.err()).contains("; 1 file unchanged");
  }

  @Test
  void shouldReadOnceMoreWhatWasRemovedFromTheStore() throws Exception {
    castore.run("rm", Blake3.hash(ONE).toHex()).endedWith(0);

    assertThat(unchanged("in")).containsExactly("in/sub/b c.txt", "in/sub/empty");

    castore.run("rm", Blake3.hash(TWO).toHex()).endedWith(0);
    castore.run("gc", "--grace", "0").endedWith(0);
    castore.run("cat", Blake3.hash(TWO).toHex()).endedWith(1);

    castore.run("ingest", "in/sub/b c.txt").endedWith(0);
    castore.run("cat", Blake3.hash(TWO).toHex()).endedWith(0);
    castore.run("cat", Blake3.hash(ONE).toHex()).endedWith(0);
  }

  @Test
  void shouldReadWhatARuleOfRetentionIsAboutToDrop() throws Exception {
    String rules = "gc.retention=file:///=1s";
    assertThat(unchanged("in", "--set", rules)).isEmpty();
    assertThat(unchanged("in", "--set", "gc.retention=file:///=30d")).hasSize(3);
  }

  @Test
  void shouldReadWhatIsInAnotherStore() throws Exception {
    castore
        .run(
            "ingest",
            "in/a.txt",
            "--store",
            directory.resolve("new").toUri().toString(),
            "--reset-state")
        .endedWith(0);

    assertThat(unchanged("in/sub", "--store", directory.resolve("new").toUri().toString()))
        .isEmpty();
  }

  /** Ingests, and tells which files were not read. */
  private List<String> unchanged(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ingest", "--json"));
    command.addAll(List.of(arguments));
    return castore.run(command.toArray(String[]::new)).endedWith(0).json().stream()
        .filter(file -> file.path("unchanged").booleanValue())
        .map((JsonNode file) -> file.get("path").textValue())
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
