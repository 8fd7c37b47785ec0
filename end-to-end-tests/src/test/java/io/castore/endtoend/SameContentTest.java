package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same content many times at once. The case {@code same-content} of the fault suite does it
 * with more of both.
 */
final class SameContentTest {
  private static final int UPLOADS = 20;
  private static final byte[] CONTENT = Contents.random(2_000_000, 1);

  @TempDir private static Path directory;

  @Test
  void shouldStoreOnceAndCompleteAllWhenContentIsTheSame() throws IOException {
    Path first = Contents.write(directory.resolve("same/00"), CONTENT);
    for (int i = 1; i < UPLOADS; i++) {
      Files.createLink(directory.resolve("same/%02d".formatted(i)), first);
    }
    Castore castore = Castore.in(directory);
    List<JsonNode> files =
        castore
            .run("ingest", "same", "--json", "--set", "ingest.readers=" + UPLOADS)
            .endedWith(0)
            .json();
    int chunks = Contents.chunks(CONTENT, ChunkSizes.DEFAULT_AVERAGE_BYTES).size();
    String digest = Blake3.hash(CONTENT).toHex();
    assertThat(files)
        .hasSize(UPLOADS)
        .allSatisfy(file -> assertThat(file.get("digest").asText()).isEqualTo(digest));
    assertThat(files.stream().mapToInt(file -> file.get("new_chunks").asInt()).sum())
        .isEqualTo(chunks);

    StoreWalker.Report report = StoreWalker.walk(castore.storeDirectory()).withoutFaults();
    assertThat(report.chunks()).isEqualTo(chunks);
    assertThat(report.blobs()).isOne();
    assertThat(castore.run("uploads", "--json").endedWith(0).json())
        .hasSize(UPLOADS)
        .allSatisfy(upload -> assertThat(upload.get("state").asText()).isEqualTo("COMPLETE"));
  }
}
