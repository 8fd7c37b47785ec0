package io.castore.cli.listing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.digest.Digest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One flat JSON object, whose fields are asked for by name and kind. Not thread-safe. */
final class JsonLine {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ObjectNode object;

  JsonLine() {
    this(MAPPER.createObjectNode());
  }

  private JsonLine(ObjectNode object) {
    this.object = object;
  }

  static JsonLine parse(String line) throws MalformedLineException {
    try {
      if (MAPPER.readTree(line) instanceof ObjectNode object) {
        return new JsonLine(object);
      }
    } catch (JsonProcessingException failure) {
      throw new MalformedLineException(
          "not JSON: " + failure.getOriginalMessage() + " (expected: one JSON object)");
    }
    throw new MalformedLineException("no JSON object (expected: one)");
  }

  JsonLine with(String field, String value) {
    object.put(field, value);
    return this;
  }

  JsonLine with(String field, long value) {
    object.put(field, value);
    return this;
  }

  JsonLine with(String field, boolean value) {
    object.put(field, value);
    return this;
  }

  String format() {
    return object.toString();
  }

  String path(String field) throws MalformedLineException {
    String path = text(field);
    if (path.isEmpty()) {
      throw wrong(field, "a file's path");
    }
    return path;
  }

  long count(String field) throws MalformedLineException {
    JsonNode value = object.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw wrong(field, "a whole number from 0");
    }
    return value.longValue();
  }

  /** Tells whether a field is true; one that is missing is not. */
  boolean isTrue(String field) throws MalformedLineException {
    JsonNode value = object.path(field);
    if (!value.isBoolean() && !value.isMissingNode()) {
      throw wrong(field, "true or false");
    }
    return value.booleanValue();
  }

  Digest digest(String field) throws MalformedLineException {
    try {
      return Digest.parse(text(field));
    } catch (IllegalArgumentException notDigest) {
      throw wrong(field, "64 hex characters");
    }
  }

  UUID uuid(String field) throws MalformedLineException {
    String text = text(field);
    try {
      UUID uuid = UUID.fromString(text);
      // The JDK also reads shortened forms.
      if (uuid.toString().equalsIgnoreCase(text)) {
        return uuid;
      }
    } catch (IllegalArgumentException notUuid) {
      throw wrong(field, "a UUID");
    }
    throw wrong(field, "a UUID");
  }

  @Nullable URI uriIfPresent(String field) throws MalformedLineException {
    if (!object.hasNonNull(field)) {
      return null;
    }
    try {
      return new URI(text(field));
    } catch (URISyntaxException notUri) {
      throw wrong(field, "a URI");
    }
  }

  private String text(String field) throws MalformedLineException {
    JsonNode value = object.path(field);
    if (!value.isTextual()) {
      throw wrong(field, "a string");
    }
    return value.textValue();
  }

  private MalformedLineException wrong(String field, String expected) {
    JsonNode value = object.get(field);
    String found = value == null ? "missing" : value.toString();
    return new MalformedLineException(field + ": " + found + " (expected: " + expected + ")");
  }
}
