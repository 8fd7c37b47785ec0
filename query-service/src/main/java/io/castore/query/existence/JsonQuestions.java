package io.castore.query.existence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.linecorp.armeria.common.MediaType;
import io.castore.content.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code {"digests": ["<hex>", …]}}, answered with {@code {"missing": ["<hex>", …], "store_id":
 * "…"}}. A question may name its {@code store_id}, too; other fields are passed over. It is read
 * without being built up in memory, whatever it is.
 */
record JsonQuestions() implements QuestionFormat {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String EXPECTED = "(expected: {\"digests\": [\"<64 hex characters>\", …]})";

  @Override
  public Question read(byte[] body) throws UnusableQuestionException {
    try (JsonParser json = JSON.createParser(body)) {
      json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      return question(json);
    } catch (IOException malformed) {
      throw UnusableQuestionException.badRequest("the body is no JSON " + EXPECTED);
    }
  }

  private static Question question(JsonParser json) throws IOException, UnusableQuestionException {
    require(json.nextToken() == JsonToken.START_OBJECT, "the body is no object");
    boolean asked = false;
    List<Digest> digests = List.of();
    String storeId = "";
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (field) {
        case "digests" -> {
          require(value == JsonToken.START_ARRAY, "digests is no list");
          digests = digests(json);
          asked = true;
        }
        case "store_id" -> {
          require(value == JsonToken.VALUE_STRING, "store_id is no text");
          storeId = json.getText();
        }
        default -> json.skipChildren();
      }
    }
    require(json.nextToken() == null, "something follows the object");
    require(asked, "digests is missing");
    return new Question(digests, storeId, false);
  }

  private static List<Digest> digests(JsonParser json)
      throws IOException, UnusableQuestionException {
    List<Digest> digests = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.hasToken(JsonToken.VALUE_STRING), "digests holds what is no text");
      if (digests.size() == ChunkExistence.MOST_AT_ONCE) {
        throw UnusableQuestionException.badRequest(
            "too many digests (expected: at most %d)".formatted(ChunkExistence.MOST_AT_ONCE));
      }
      digests.add(digest(json.getText(), digests.size()));
    }
    return digests;
  }

  private static Digest digest(String text, int index) throws UnusableQuestionException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException notADigest) {
      // It may be as long as the body, so it is not repeated.
      throw UnusableQuestionException.badRequest(
          "digests[%d] is no digest (expected: 64 hex characters, b3:<base64> or blake3-<base64> of 32 bytes)"
              .formatted(index));
    }
  }

  private static void require(boolean met, String otherwise) throws UnusableQuestionException {
    if (!met) {
      throw UnusableQuestionException.badRequest(otherwise + " " + EXPECTED);
    }
  }

  @Override
  public byte[] write(List<Digest> missing, String storeId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("missing");
      for (Digest digest : missing) {
        json.writeString(digest.toHex());
      }
      json.writeEndArray();
      json.writeStringField("store_id", storeId);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  @Override
  public MediaType mediaType() {
    return MediaType.JSON;
  }
}
