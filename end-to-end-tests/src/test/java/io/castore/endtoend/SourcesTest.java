package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was ingested is listed, and restored, by the names of its sources, without any list. */
final class SourcesTest {
  private static final byte[] OLD = "old\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new content\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = Contents.random(700_000, 3);

  @TempDir private static Path directory;
  private static Castore castore;
  private static String base;

  @BeforeAll
  static void ingestTwice() throws Exception {
    castore = Castore.in(directory);
    base = "file://" + directory.toRealPath() + "/";
    Contents.write(directory.resolve("docs/a b.txt"), OLD);
    Contents.write(directory.resolve("docs/sub/large.bin"), LARGE);
    Contents.write(directory.resolve("docs2.txt"), OLD);
    castore.run("ingest", "docs", "docs2.txt").endedWith(0);
    Contents.write(directory.resolve("docs/a b.txt"), NEW);
    castore.run("ingest", "docs").endedWith(0);
  }

  private static List<String> lines() {
    return List.of(
        Contents.line(NEW, base + "docs/a%20b.txt"),
        Contents.line(LARGE, base + "docs/sub/large.bin"),
        Contents.line(OLD, base + "docs2.txt"));
  }

  @Test
  void shouldListTheNewestVersionsAsSoonAsTheyAreComplete() throws Exception {
    assertThat(castore.run("ls", base).endedWith(0).lines()).isEqualTo(lines());
  }

  @Test
  void shouldListAPathAndWhatIsBelowIt() throws Exception {
    assertThat(castore.run("ls", "docs").endedWith(0).lines()).isEqualTo(lines().subList(0, 2));
    assertThat(castore.run("ls", "docs2.txt").endedWith(0).lines())
        .isEqualTo(lines().subList(2, 3));
    assertThat(castore.run("ls", "docs/nothing").endedWith(0).lines()).isEmpty();
  }

  @Test
  void shouldTellVersionsToPrograms() throws Exception {
    List<JsonNode> sources = castore.run("ls", "docs", "--json").endedWith(0).json();

    assertThat(sources).hasSize(2);
    JsonNode first = sources.get(0);
    assertThat(first.get("source").textValue()).isEqualTo(base + "docs/a%20b.txt");
    assertThat(first.get("size").longValue()).isEqualTo(NEW.length);
    assertThat(first.get("version").get("size").longValue()).isEqualTo(NEW.length);
    assertThat(first.get("version").get("modified_at_ns").longValue()).isPositive();
  }

  @Test
  void shouldRestoreWhatIsBelowAPath() throws Exception {
    castore.run("restore", "--from", "docs", "from-path").endedWith(0);

    assertThat(directory.resolve("from-path/a b.txt")).hasBinaryContent(NEW);
    assertThat(directory.resolve("from-path/sub/large.bin")).hasBinaryContent(LARGE);
    assertThat(directory.resolve("from-path/docs2.txt")).doesNotExist();
  }

  @Test
  void shouldRestoreWhatFollowsTheLastSlashOfAName() throws Exception {
    castore.run("restore", "--from", base + "docs", "from-name").endedWith(0);

    assertThat(directory.resolve("from-name/docs/a b.txt")).hasBinaryContent(NEW);
    assertThat(directory.resolve("from-name/docs2.txt")).hasBinaryContent(OLD);
  }

  @Test
  void shouldSayThatNothingIsNamedSo() throws Exception {
    CommandResult nothing = castore.run("restore", "--from", "s3://none/", "nowhere").endedWith(1);

    assertThat(nothing.err()).contains("no source is named so: s3://none/");
    assertThat(castore.run("restore", "--from", "docs", "list", "dir").endedWith(2).err())
        .contains("LIST and --from given");
    assertThat(castore.run("restore", "list").endedWith(2).err()).contains("one path given");
    assertThat(Files.exists(directory.resolve("dir"))).isFalse();
  }
}
