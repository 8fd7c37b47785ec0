package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree with files of many kinds goes in once, and is read back in every way. */
final class RoundTripTest {
  private static final byte[] LARGE = Contents.random(2_000_000, 1);
  private static final byte[] SMALL = "small\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PIPED = Contents.random(300_000, 2);
  private static final String LARGE_DIGEST = Blake3.hash(LARGE).toHex();

  /** In the order of the arguments, and of the names' bytes below the directory. */
  private static final List<String> LINES =
      List.of(
          Contents.line(LARGE, "tree/a.bin"),
          Contents.line(SMALL, "tree/caf\uFFFD"),
          Contents.line(new byte[0], "tree/empty"),
          "\\" + Contents.line(LARGE, "tree/new\\nline \\\\ backslash"),
          Contents.line(SMALL, "tree/sub/b.txt"),
          Contents.line(LARGE, "single.bin"),
          Contents.line(PIPED, "-"));

  private static final int LOSSY_LINE = 2;

  @TempDir private static Path directory;
  private static Castore castore;
  private static CommandResult ingest;
  private static List<JsonNode> manifest;

  @BeforeAll
  static void ingestEverything() throws Exception {
    castore = Castore.in(directory);
    Path tree = directory.resolve("tree");
    Contents.write(tree.resolve("a.bin"), LARGE);
    Contents.write(tree.resolve("sub/b.txt"), SMALL);
    Contents.write(tree.resolve("empty"), new byte[0]);
    Contents.write(tree.resolve("new\nline \\ backslash"), LARGE);
    Contents.write(directory.resolve("single.bin"), LARGE);
    FileTree.writeRawName(tree, "caf\\351", "small\n");
    FileTree.makePipe(tree.resolve("fifo"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a.bin"));
    ingest =
        castore.runWithInput(
            PIPED, "ingest", "tree", "single.bin", "-", "--manifest", "manifest.jsonl");
    manifest = CommandResult.parse(Files.readAllLines(directory.resolve("manifest.jsonl")));
  }

  @Test
  void shouldPrintOneLineForEachFileAndNothingElse() {
    assertThat(ingest.endedWith(0).lines()).isEqualTo(LINES);
    assertThat(ingest.text()).endsWith("\n");
  }

  @Test
  void shouldNameWhatIsSkippedOnStandardError() {
    assertThat(ingest.err())
        .contains("castore: tree/fifo: skipped: is a named pipe")
        .contains("castore: tree/link: skipped: is a symbolic link")
        .contains("castore: 7 files, 6.3 MB in ");
  }

  @Test
  void shouldHaveStoredEachChunkOnce() throws IOException {
    long chunks = chunksOf(LARGE) + chunksOf(SMALL) + chunksOf(PIPED);
    StoreWalker.Report report = StoreWalker.walk(castore.storeDirectory()).withoutFaults();
    assertThat(report.chunks()).isEqualTo(chunks);
    assertThat(report.chunkBytes()).isEqualTo((long) LARGE.length + SMALL.length + PIPED.length);
    assertThat(report.blobs()).isEqualTo(4);
  }

  @Test
  void shouldWriteManifestWithAllFields() throws IOException {
    assertThat(manifest)
        .extracting(entry -> fieldNames(entry))
        .first()
        .isEqualTo(
            List.of("path", "size", "digest", "upload_id", "chunks", "new_chunks", "new_bytes"));
    assertThat(manifest)
        .extracting(entry -> entry.get("path").asText())
        .containsExactly(
            "tree/a.bin",
            "tree/caf\uFFFD",
            "tree/empty",
            "tree/new\nline \\ backslash",
            "tree/sub/b.txt",
            "single.bin",
            "-");
    assertThat(manifest.get(1).get("path_uri").asText()).isEqualTo("tree/caf%E9");
    assertThat(manifest).filteredOn(entry -> entry.has("path_uri")).hasSize(1);
    assertThat(manifest.get(0).get("size").asLong()).isEqualTo(LARGE.length);
    assertThat(manifest.get(0).get("digest").asText()).isEqualTo(LARGE_DIGEST);
    assertThat(manifest.get(0).get("chunks").asLong()).isEqualTo(chunksOf(LARGE));
    assertThat(manifest.get(2).get("chunks").asLong()).isZero();
    assertThat(manifest)
        .extracting(entry -> entry.get("upload_id").asText())
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldCountEachStoredChunkAsNewInOneFileOnly() throws IOException {
    Map<String, Long> newBytes =
        manifest.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.get("digest").asText(),
                    TreeMap::new,
                    Collectors.summingLong(entry -> entry.get("new_bytes").asLong())));
    assertThat(newBytes)
        .isEqualTo(
            Map.of(
                LARGE_DIGEST,
                (long) LARGE.length,
                Blake3.hash(SMALL).toHex(),
                (long) SMALL.length,
                Blake3.hash(PIPED).toHex(),
                (long) PIPED.length,
                Digest.EMPTY.toHex(),
                0L));
  }

  @Test
  void shouldStoreNothingWhenSameFilesComeAgain() throws IOException {
    CommandResult again = castore.run("ingest", "tree", "--json").endedWith(0);
    assertThat(again.err()).contains("castore: 5 files, ").contains(": nothing new was stored");
    assertThat(again.json())
        .hasSize(5)
        .allSatisfy(entry -> assertThat(entry.get("new_chunks").asLong()).isZero());
  }

  @Test
  void shouldGiveWholeBlob() throws IOException {
    CommandResult cat = castore.run("cat", LARGE_DIGEST).endedWith(0);
    assertThat(cat.out()).isEqualTo(LARGE);
    assertThat(cat.err()).isEmpty();
  }

  @Test
  void shouldGivePartOfBlobAcrossChunks() throws IOException {
    int border = (int) Contents.chunks(LARGE, ChunkSizes.DEFAULT_AVERAGE_BYTES).get(0).size();
    CommandResult cat =
        castore.run("cat", LARGE_DIGEST, "--offset", "" + (border - 10), "--length", "20");
    assertThat(cat.endedWith(0).out())
        .isEqualTo(Arrays.copyOfRange(LARGE, border - 10, border + 10));
  }

  @Test
  void shouldRefuseOffsetPastTheEnd() throws IOException {
    CommandResult cat = castore.run("cat", LARGE_DIGEST, "--offset", "2000001").endedWith(1);
    assertThat(cat.out()).isEmpty();
    assertThat(cat.err()).contains("(expected: an offset from 0 to its size, 2000000)");
  }

  @Test
  void shouldTellOfBlobAsJson() throws IOException {
    List<String> chunks = new ArrayList<>();
    long offset = 0;
    for (ChunkRef chunk : Contents.chunks(LARGE, ChunkSizes.DEFAULT_AVERAGE_BYTES)) {
      chunks.add(
          "{\"digest\":\"%s\",\"offset\":%d,\"size\":%d}"
              .formatted(chunk.digest(), offset, chunk.size()));
      offset += chunk.size();
    }
    assertThat(castore.run("stat", LARGE_DIGEST, "--json").endedWith(0).text())
        .isEqualTo(
            "{\"digest\":\"%s\",\"size\":2000000,\"chunks\":[%s]}\n"
                .formatted(LARGE_DIGEST, String.join(",", chunks)));
  }

  @Test
  void shouldListChunksForPeople() throws IOException {
    List<ChunkRef> chunks = Contents.chunks(LARGE, ChunkSizes.DEFAULT_AVERAGE_BYTES);
    List<String> lines = castore.run("stat", LARGE_DIGEST, "--chunks").endedWith(0).lines();
    assertThat(lines)
        .startsWith("digest  " + LARGE_DIGEST, "size    2000000", "chunks  " + chunks.size())
        .hasSize(3 + chunks.size());
    assertThat(lines.get(4))
        .startsWith(chunks.get(1).digest() + "  ")
        .contains("" + chunks.get(0).size());
  }

  @Test
  void shouldRestoreEveryFileFromManifest() throws IOException {
    castore.run("restore", "manifest.jsonl", "from-manifest").endedWith(0);
    assertThat(FileTree.digests(directory.resolve("from-manifest"))).isEqualTo(input());
  }

  @Test
  void shouldRestoreFromLinesAllButTheNameThatTheyCannotTell() throws IOException {
    CommandResult restore =
        castore.runWithInput(ingest.out(), "restore", "-", "from-lines").endedWith(1);
    assertThat(restore.err()).contains("line " + LOSSY_LINE).contains("path with U+FFFD");
    Map<String, Digest> expected = input();
    assertThat(expected.remove("tree/caf%E9")).isNotNull();
    assertThat(FileTree.digests(directory.resolve("from-lines"))).isEqualTo(expected);
  }

  private static Map<String, Digest> input() throws IOException {
    Map<String, Digest> input = new TreeMap<>();
    FileTree.digests(directory.resolve("tree"))
        .forEach((path, digest) -> input.put("tree/" + path, digest));
    input.put("single.bin", Blake3.hash(LARGE));
    input.put("-", Blake3.hash(PIPED));
    return input;
  }

  private static long chunksOf(byte[] content) throws IOException {
    return Contents.chunks(content, ChunkSizes.DEFAULT_AVERAGE_BYTES).size();
  }

  private static List<String> fieldNames(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
