package io.castore.blobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.io.InputStream;

/** Reads the list of a blob's chunks as a service gives it, and believes nothing of it. */
final class ChunkListing {
  private static final JsonFactory JSON = new JsonFactory();

  private final int maxChunks;
  private final ChunkList.Builder list;
  private long listed;
  private int count;
  private long size = -1;

  private ChunkListing(Digest blob, int maxChunks) {
    this.maxChunks = maxChunks;
    list = ChunkList.builder(blob);
  }

  /**
   * Reads a list: {@code {"size": …, "chunks": [{"digest": …, "offset": …, "size": …}, …]}}. Other
   * fields are ignored.
   *
   * @throws UntrueAnswerException if it is none, or no blob of that digest can have it
   * @throws IOException if it cannot be read
   */
  static ChunkList parse(Digest blob, InputStream in, int maxChunks) throws IOException {
    ChunkListing listing = new ChunkListing(blob, maxChunks);
    try (JsonParser json = JSON.createParser(in)) {
      listing.read(json);
      return listing.list();
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      throw new UntrueAnswerException(
          "the list of chunks of blob %s cannot be one: %s"
              .formatted(
                  blob,
                  malformed instanceof JsonProcessingException json
                      ? json.getOriginalMessage()
                      : malformed.getMessage()),
          malformed);
    }
  }

  private void read(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "no JSON object");
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (field.equals("size")) {
        size = json.getLongValue();
      } else if (field.equals("chunks")) {
        require(value == JsonToken.START_ARRAY, "chunks: no array");
        while (json.nextToken() != JsonToken.END_ARRAY) {
          add(json);
        }
      } else {
        json.skipChildren();
      }
    }
  }

  private void add(JsonParser json) throws IOException {
    String digest = "";
    long offset = -1;
    long chunkSize = -1;
    require(json.currentToken() == JsonToken.START_OBJECT, "a chunk is no JSON object");
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "digest" -> digest = json.getText();
        case "offset" -> offset = json.getLongValue();
        case "size" -> chunkSize = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    require(count++ < maxChunks, "more than " + maxChunks + " chunks");
    require(offset == listed, "offset of a chunk: %d (expected: %d)".formatted(offset, listed));
    require(
        chunkSize <= ChunkSizes.LARGEST_LEGAL_CHUNK,
        "size of a chunk: %d bytes (expected: at most %d)"
            .formatted(chunkSize, ChunkSizes.LARGEST_LEGAL_CHUNK));
    list.add(new ChunkRef(Digest.parse(digest), chunkSize));
    listed += chunkSize;
  }

  private ChunkList list() {
    require(size == listed, "size: %d bytes (expected: %d, as listed)".formatted(size, listed));
    return list.build();
  }

  private static void require(boolean possible, String what) {
    if (!possible) {
      throw new IllegalArgumentException(what);
    }
  }
}
