package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two commands on one data directory at the same time. */
final class SharedDataDirectoryTest {
  private static final byte[] CONTENT = "shared\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path directory;

  @Test
  void shouldSayWhoHasTheDirectoryWhenAnIngestRunsOnIt() throws IOException {
    Castore castore = Castore.in(directory);
    try (CastoreProcess first = castore.start("ingest", "-")) {
      first.awaitUntil("broker's address", () -> holder().contains("127.0.0.1:"));
      CommandResult second = castore.run("ingest", ".").endedWith(3);
      assertThat(second.err())
          .contains("is in use by \"castore ingest\" (process " + first.pid() + ", since ");
      first.feed(CONTENT);
      first.endInput();
      assertThat(first.awaitEnd().endedWith(0).lines())
          .isEqualTo(List.of(Contents.line(CONTENT, "-")));
    }
    assertThat(holder()).isEmpty();
  }

  @Test
  void shouldShareTheDirectoryWhenServeRunsOnIt() throws IOException {
    Castore castore = Castore.in(directory);
    Contents.write(directory.resolve("file.txt"), CONTENT);
    try (CastoreProcess serve = castore.start("serve", "--roles", "chunker,indexer")) {
      serve.awaitError("serving");
      CommandResult ingest = castore.run("ingest", "file.txt").endedWith(0);
      assertThat(ingest.lines()).isEqualTo(List.of(Contents.line(CONTENT, "file.txt")));
      assertThat(castore.run("uploads").endedWith(0).text())
          .containsPattern("  COMPLETE  .*/file\\.txt\n");
      assertThat(castore.run("serve").endedWith(3).err())
          .contains("is in use by \"castore serve\" (process " + serve.pid());
      serve.signal("TERM");
      CommandResult served = serve.awaitEnd().endedWith(128 + 15);
      assertThat(served.out()).isEmpty();
      assertThat(served.err()).doesNotContain("ERROR").doesNotContain("Exception");
    }
    assertThat(holder()).isEmpty();
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isPositive();
  }

  /** Gives the file in which the process that has the directory tells of itself. */
  private static String holder() throws IOException {
    Path file = directory.resolve("castore-data").resolve("holder.json");
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
