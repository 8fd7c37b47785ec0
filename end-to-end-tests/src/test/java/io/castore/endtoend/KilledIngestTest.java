package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.layout.BucketLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of an ingest, and what can be done afterwards. */
final class KilledIngestTest {
  private static final int FILE_BYTES = 150_000_000;
  private static final byte[] PIPED = Contents.random(3_000_000, 2);

  @TempDir private static Path directory;

  @Test
  void shouldLoseNothingWhenKilled() throws IOException {
    Castore castore = Castore.in(directory);
    byte[] content = Contents.random(FILE_BYTES, 1);
    Contents.write(directory.resolve("random.bin"), content);
    String line = Contents.line(content, "random.bin");

    killWhileIngesting(castore);
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().chunks()).isPositive();

    CommandResult again = castore.run("ingest", "random.bin", "--quiet").endedWith(0);
    assertThat(again.lines()).isEqualTo(List.of(line));
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isOne();
    CommandResult cat = castore.run("cat", Blake3.hash(content).toHex()).endedWith(0);
    assertThat(Blake3.hash(cat.out())).isEqualTo(Blake3.hash(content));

    try (CastoreProcess serve = castore.start("serve")) {
      serve.awaitError("serving");
      List<JsonNode> uploads = castore.run("uploads", "--json").endedWith(0).json();
      JsonNode left = find(uploads, "stdin:-");
      assertThat(left.get("state").asText()).isEqualTo("OPEN");
      JsonNode complete = uploads.get(uploads.size() - 1);
      assertThat(complete.get("state").asText()).isEqualTo("COMPLETE");

      CommandResult abort = castore.run("uploads", "abort", id(left), "--json").endedWith(0);
      assertThat(abort.json().get(0).get("state").asText()).isEqualTo("ABORTED");
      CommandResult tooLate = castore.run("uploads", "abort", id(complete)).endedWith(1);
      assertThat(tooLate.err()).contains("was COMPLETE already");
    }
  }

  /** Kills with a file and a pipe underway; the pipe's upload cannot have ended. */
  private static void killWhileIngesting(Castore castore) throws IOException {
    Path ofPipe =
        castore
            .storeDirectory()
            .resolve(
                BucketLayout.chunkKey(
                    Contents.chunks(PIPED, ChunkSizes.DEFAULT_AVERAGE_BYTES).get(0).digest()));
    try (CastoreProcess ingest = castore.start("ingest", "random.bin", "-")) {
      ingest.feed(PIPED);
      ingest.awaitUntil(
          "chunks in the store", () -> Files.exists(ofPipe) && castore.storedChunks() > 20);
      ingest.kill().endedWith(128 + 9);
    }
  }

  private static JsonNode find(List<JsonNode> uploads, String source) {
    return uploads.stream()
        .filter(upload -> upload.get("source").asText().equals(source))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no upload of " + source + " among " + uploads));
  }

  private static String id(JsonNode upload) {
    return upload.get("upload_id").asText();
  }
}
