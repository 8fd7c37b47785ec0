package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bad file is named and makes the command end with 1; the others are ingested. */
final class FileTroublesTest {
  private static final byte[] GOOD = "good\n".getBytes(StandardCharsets.UTF_8);
  private static final int CHANGING_BYTES = 8 << 20;

  @TempDir private static Path directory;

  @Test
  void shouldIngestTheOthersWhenOneIsMissingAndOneKeepsChanging() throws IOException {
    Castore castore = Castore.in(directory);
    Path changing =
        Contents.write(directory.resolve("changing.log"), Contents.random(CHANGING_BYTES, 1));
    Contents.write(directory.resolve("good.txt"), GOOD);
    ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    CommandResult ingest;
    try {
      ScheduledFuture<?> unused =
          writer.scheduleAtFixedRate(() -> append(changing), 0, 1, TimeUnit.MILLISECONDS);
      ingest = castore.run("ingest", "changing.log", "missing.txt", "good.txt");
    } finally {
      writer.shutdownNow();
    }
    assertThat(ingest.endedWith(1).lines()).isEqualTo(List.of(Contents.line(GOOD, "good.txt")));
    assertThat(ingest.err())
        .containsPattern("castore: changing\\.log: .*while it was read")
        .contains("castore: missing.txt: does not exist");
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isOne();
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[] {'x'}, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void shouldIngestTheOthersWhenOneCannotBeRead() throws IOException {
    Path secret = Contents.write(directory.resolve("mixed/secret.txt"), GOOD);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(secret)).as("the superuser reads everything").isFalse();
    Contents.write(directory.resolve("mixed/plain.txt"), GOOD);
    CommandResult ingest = Castore.in(directory).run("ingest", "mixed").endedWith(1);
    assertThat(ingest.lines()).isEqualTo(List.of(Contents.line(GOOD, "mixed/plain.txt")));
    assertThat(ingest.err()).contains("castore: mixed/secret.txt: permission denied");
  }
}
