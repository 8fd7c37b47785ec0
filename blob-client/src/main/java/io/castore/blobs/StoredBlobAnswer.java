package io.castore.blobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.util.UUID;

/** What a service says of an upload that is stored. */
final class StoredBlobAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 64 << 10;

  private StoredBlobAnswer() {}

  /**
   * Reads an answer.
   *
   * @param service names it in messages
   * @throws UntrueAnswerException if it says something else
   * @throws IOException if it does not come
   */
  static StoredBlob read(ServiceCalls.Answer answer, String service) throws IOException {
    byte[] body = answer.body().readNBytes(LONGEST);
    try {
      JsonNode json = JSON.readTree(body);
      return new StoredBlob(
          Digest.parse(json.path("digest").asText()),
          json.path("size").asLong(-1),
          json.path("chunks").asLong(-1),
          json.path("new_chunks").asLong(-1),
          json.path("new_bytes").asLong(-1),
          UUID.fromString(json.path("upload_id").asText()));
    } catch (IOException | IllegalArgumentException malformed) {
      throw new UntrueAnswerException(
          "%s did not say what it has stored: %s".formatted(service, malformed.getMessage()),
          malformed);
    }
  }
}
