package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of an ingest. */
final class InterruptedIngestTest {
  private static final byte[] CONTENT = Contents.random(3_000_000, 1);

  @TempDir private static Path directory;

  @Test
  void shouldAbortUploadAndLeaveDirectoryInOrderWhenInterrupted() throws IOException {
    Castore castore = Castore.in(directory);
    try (CastoreProcess ingest = castore.start("ingest", "-")) {
      ingest.feed(CONTENT);
      ingest.awaitUntil("chunks in the store", () -> castore.storedChunks() > 0);
      ingest.signal("INT");
      assertThat(ingest.awaitEnd().endedWith(130).out()).isEmpty();
    }
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isZero();

    CommandResult again = castore.runWithInput(CONTENT, "ingest", "-").endedWith(0);
    assertThat(again.lines()).isEqualTo(List.of(Contents.line(CONTENT, "-")));
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isOne();

    List<JsonNode> uploads = castore.run("uploads", "--json").endedWith(0).json();
    assertThat(uploads)
        .extracting(upload -> upload.get("state").asText())
        .containsExactly("ABORTED", "COMPLETE");
    assertThat(uploads.get(0).get("reason").asText()).isEqualTo("interrupted");
    assertThat(uploads.get(0).get("source").asText()).isEqualTo("stdin:-");
  }
}
