package io.castore.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.audit.table.Table;
import io.castore.content.layout.BucketObject;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How far a verification has come, in a file, so that another process can go on: a line of JSON for
 * each shard that is done, and for each object that was found damaged in it.
 *
 * <p>Safe for use by many threads.
 */
final class VerifyState implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Table suspects;
  private final BufferedWriter lines;
  private long salt = ThreadLocalRandom.current().nextLong();
  private int chunkShards;
  private int blobShards;
  private long chunksRead;
  private long bytesRead;

  private VerifyState(Path file, ScratchStore scratch, boolean resumes, String header)
      throws IOException {
    this.file = file;
    suspects = new Table(scratch, 'S');
    boolean goesOn = resumes && Files.exists(file) && load(header);
    if (!goesOn) {
      Files.deleteIfExists(file);
    }
    lines =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (!goesOn) {
      write(JSON.createObjectNode().put("verify", header).put("salt", salt));
    }
  }

  /**
   * Opens the file of a store and of options.
   *
   * @param directory made where it is missing
   * @param scratch not used by others under the table's name {@code S}
   */
  static VerifyState open(
      Path directory, String storeId, VerifyOptions options, ScratchStore scratch)
      throws IOException {
    Files.createDirectories(directory);
    String header =
        "%s sample=%s deep=%s".formatted(storeId, options.samplePercent(), options.isDeep());
    String name =
        "verify-%s-%s%s.jsonl"
            .formatted(
                storeId.replaceAll("[^A-Za-z0-9]", "_"),
                options.samplePercent(),
                options.isDeep() ? "-deep" : "");
    return new VerifyState(directory.resolve(name), scratch, options.resumes(), header);
  }

  /** Gives false where the file is another one's. A last line that is cut off does not count. */
  private boolean load(String header) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      boolean isOurs = false;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Optional<JsonNode> entry = parse(line);
        if (!isOurs) {
          if (entry.isEmpty() || !entry.get().path("verify").asText().equals(header)) {
            return false;
          }
          salt = entry.get().path("salt").asLong();
          isOurs = true;
        } else if (entry.isPresent()) {
          take(entry.get());
        }
      }
      return isOurs;
    }
  }

  private static Optional<JsonNode> parse(String line) throws IOException {
    try {
      return Optional.ofNullable(JSON.readTree(line));
    } catch (JsonProcessingException cutOff) {
      return Optional.empty();
    }
  }

  private void take(JsonNode entry) throws IOException {
    if (entry.has("damaged")) {
      suspects.put(key(entry.path("damaged").asText()), new byte[0]);
    }
    chunkShards = entry.path("chunkShards").asInt(chunkShards);
    blobShards = entry.path("blobShards").asInt(blobShards);
    chunksRead = entry.path("chunksRead").asLong(chunksRead);
    bytesRead = entry.path("bytesRead").asLong(bytesRead);
  }

  /** What is mixed into the choice of a sample. */
  long salt() {
    return salt;
  }

  /** How many shards of chunks were done before this process. */
  int chunkShards() {
    return chunkShards;
  }

  /** How many shards of blobs were done before this process. */
  int blobShards() {
    return blobShards;
  }

  /** How many chunks were read before this process. */
  long chunksRead() {
    return chunksRead;
  }

  /** How many bytes were read before this process. */
  long bytesRead() {
    return bytesRead;
  }

  /** Whether an object was found damaged before this process. */
  boolean isSuspect(BucketObject object) throws IOException {
    return suspects.contains(key(object.key()));
  }

  /** Notes a damaged object. */
  void damaged(BucketObject object) throws IOException {
    write(JSON.createObjectNode().put("damaged", object.key()));
  }

  /** Notes that so many shards of chunks are done. */
  void chunksDone(int shards, long read, long bytes) throws IOException {
    write(
        JSON.createObjectNode()
            .put("chunkShards", shards)
            .put("chunksRead", read)
            .put("bytesRead", bytes));
  }

  /** Notes that so many shards of blobs are done. */
  void blobsDone(int shards) throws IOException {
    write(JSON.createObjectNode().put("blobShards", shards));
  }

  private synchronized void write(ObjectNode line) throws IOException {
    lines.write(line.toString());
    lines.newLine();
    lines.flush();
  }

  private static byte[] key(String objectKey) {
    return objectKey.getBytes(StandardCharsets.US_ASCII);
  }

  /** All is done: there is nothing to go on with. */
  void finish() throws IOException {
    lines.close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
