package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.castore.content.blob.BlobReader;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contents of every size at which something changes, all in one store. */
final class ContentSizesTest {
  private static final int ZEROS_BYTES = 64 << 20;
  private static final int COPIES = 1000;

  private static final String BLOB_B_DIGEST =
      "a82c5154a7a0c262c6fdb929a317585646f8fbcf80326d0a7b8747edaf2d99d2";
  private static final String BLOB_B_OBJECT =
      "12260a2079445f0f1420045f8be59af5f7915cfd9182c978ece11a21913641e457fa979410808020"
          + "12260a20832c7fbdbe9a537273cfe0299195a09ba7d08b6da842ab25fea373d739e9c5ac1080e01f";

  @TempDir private static Path directory;
  private static Castore castore;
  private static ObjectStore store;
  private static Map<String, JsonNode> manifest;

  @BeforeAll
  static void ingestEverything() throws IOException {
    castore = Castore.in(directory);
    for (Map.Entry<String, byte[]> content : contents().entrySet()) {
      Contents.write(directory.resolve(content.getKey()), content.getValue());
    }
    Contents.write(directory.resolve("sizes/zeros"), new byte[ZEROS_BYTES]);
    byte[] copy = Contents.random(1500, 99);
    for (int i = 0; i < COPIES; i++) {
      Contents.write(directory.resolve("copies/%04d".formatted(i)), copy);
    }
    manifest = ingest("sizes", "copies");
    store =
        ObjectStores.open(new StoreUrl.Directory(castore.storeDirectory()), S3Settings.DEFAULTS);
  }

  @AfterAll
  static void closeStore() {
    store.close();
  }

  private static Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (int size : List.of(0, 1, 131_072, 262_144, 524_288, 524_289)) {
      contents.put("sizes/" + size, Contents.random(size, size));
    }
    contents.put("sizes/blob-b", Contents.blobB());
    return contents;
  }

  private static Map<String, JsonNode> ingest(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 2];
    command[0] = "ingest";
    command[1] = "--json";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return castore.run(command).endedWith(0).json().stream()
        .collect(Collectors.toMap(entry -> entry.get("path").asText(), Function.identity()));
  }

  @Test
  void shouldCutEverySizeWhereTheChunkerDoes() throws IOException {
    for (Map.Entry<String, byte[]> content : contents().entrySet()) {
      assertStored(content.getKey(), content.getValue(), ChunkSizes.DEFAULT_AVERAGE_BYTES);
    }
    assertThat(entry("sizes/0").get("chunks").asInt()).isZero();
    assertThat(entry("sizes/131072").get("chunks").asInt()).isOne();
    assertThat(entry("sizes/524289").get("chunks").asInt()).isGreaterThan(1);
  }

  @Test
  void shouldWriteListOfChunksByteForByte() throws IOException {
    assertThat(entry("sizes/blob-b").get("digest").asText()).isEqualTo(BLOB_B_DIGEST);
    assertThat(object(BucketLayout.blobKey(Digest.parse(BLOB_B_DIGEST))))
        .isEqualTo(HexFormat.of().parseHex(BLOB_B_OBJECT));
  }

  @Test
  void shouldWriteNoListWhenThereAreFewerThanTwoChunks() throws IOException {
    for (String name : List.of("sizes/0", "sizes/1", "sizes/131072")) {
      Digest digest = Digest.parse(entry(name).get("digest").asText());
      assertThat(object(BucketLayout.blobKey(digest))).as(name).isEmpty();
    }
    assertThat(store.stat(BucketLayout.chunkKey(Digest.EMPTY))).isEmpty();
  }

  @Test
  void shouldStoreChunkOnceWhenContentRepeatsIt() {
    JsonNode zeros = entry("sizes/zeros");
    assertThat(zeros.get("size").asLong()).isEqualTo(ZEROS_BYTES);
    assertThat(zeros.get("chunks").asInt()).isEqualTo(ZEROS_BYTES / 524_288);
    assertThat(zeros.get("new_chunks").asInt()).isOne();
    assertThat(zeros.get("new_bytes").asInt()).isEqualTo(524_288);
  }

  @Test
  void shouldCallContentNewInOneFileWhenManyAreTheSame() {
    List<JsonNode> copies =
        manifest.values().stream()
            .filter(entry -> entry.get("path").asText().startsWith("copies/"))
            .toList();
    assertThat(copies).hasSize(COPIES);
    assertThat(copies)
        .filteredOn(entry -> entry.get("new_chunks").asInt() > 0)
        .singleElement()
        .satisfies(entry -> assertThat(entry.get("new_bytes").asInt()).isEqualTo(1500));
  }

  @Test
  void shouldKeepContentsOfOtherChunkSizesBesideTheseWhenAskedTo() throws IOException {
    byte[] fine = Contents.random(100_000, 5);
    byte[] coarse = Contents.random(9_000_000, 6);
    Contents.write(directory.resolve("fine"), fine);
    Contents.write(directory.resolve("coarse"), coarse);
    Map<String, JsonNode> before = manifest;
    manifest = new LinkedHashMap<>(before);
    manifest.putAll(ingest("fine", "--avg-chunk-size", "512"));
    manifest.putAll(ingest("coarse", "--avg-chunk-size", "2097152"));
    assertStored("fine", fine, 512);
    assertStored("coarse", coarse, 2_097_152);
    StoreWalker.Report report = StoreWalker.walk(castore.storeDirectory()).withoutFaults();
    assertThat(report.blobs()).isEqualTo(contents().size() + 4);
    assertThat(report.chunks())
        .isEqualTo(
            manifest.values().stream().mapToLong(entry -> entry.get("new_chunks").asLong()).sum());
  }

  private static JsonNode entry(String path) {
    return Objects.requireNonNull(manifest.get(path), path);
  }

  private static void assertStored(String name, byte[] content, int averageBytes)
      throws IOException {
    JsonNode entry = entry(name);
    assertThat(entry.get("digest").asText()).as(name).isEqualTo(Blake3.hash(content).toHex());
    assertThat(entry.get("size").asInt()).as(name).isEqualTo(content.length);
    BlobReader blobs = new BlobReader(store);
    ChunkList list = blobs.find(Blake3.hash(content)).orElseThrow();
    assertThat(list.stream()).as(name).isEqualTo(Contents.chunks(content, averageBytes));
    assertThat(entry.get("chunks").asInt()).as(name).isEqualTo(list.count());
    try (InputStream in = blobs.open(list)) {
      assertThat(in.readAllBytes()).as(name).isEqualTo(content);
    }
  }

  private static byte[] object(String key) throws IOException {
    try (InputStream in = store.open(key).orElseThrow()) {
      return in.readAllBytes();
    }
  }
}
