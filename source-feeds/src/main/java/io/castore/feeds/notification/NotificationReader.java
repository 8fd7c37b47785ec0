package io.castore.feeds.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the notifications of S3 services, in these forms:
 *
 * <ul>
 *   <li>{@code {"Records": […]}} of AWS, with keys escaped as in HTML forms ({@code +} for a
 *       space), and its {@code s3:TestEvent}
 *   <li>the same of MinIO, in {@code {"EventName": …, "Key": …, "Records": […]}}; where the records
 *       are missing, the outer key counts, {@code bucket/key} without escapes
 *   <li>both in the {@code Message} of an SNS notification
 *   <li>{@code {"detail-type": "Object Created", "detail": {…}}} of EventBridge, with plain keys
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
public final class NotificationReader {
  private static final String CREATED = "ObjectCreated:";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private NotificationReader() {}

  /**
   * Reads the value of a record.
   *
   * @throws MalformedNotificationException if it is nothing of the above
   */
  public static Notification read(byte @Nullable [] value) throws MalformedNotificationException {
    if (value == null) {
      throw malformed("record without a value (expected: a notification in JSON)");
    }
    return read(parse(value), true);
  }

  private static JsonNode parse(byte[] text) throws MalformedNotificationException {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException notJson) {
      throw new MalformedNotificationException(
          "not JSON: " + notJson.getOriginalMessage(), notJson);
    } catch (IOException notText) {
      throw new MalformedNotificationException("not JSON: " + notText.getMessage(), notText);
    }
    throw malformed("not a JSON object");
  }

  private static Notification read(JsonNode root, boolean mayBeWrapped)
      throws MalformedNotificationException {
    if (root.path("Records").isArray() && !root.path("Records").isEmpty()) {
      return records(root.path("Records"));
    }
    if (root.has("detail-type")) {
      return bridged(root);
    }
    if (mayBeWrapped && root.path("Message").isTextual()) {
      return read(parse(root.path("Message").textValue().getBytes(StandardCharsets.UTF_8)), false);
    }
    if (root.has("EventName")) {
      return outer(root);
    }
    if (root.path("Event").asText().equals("s3:TestEvent")) {
      return new Notification(List.of(), 1);
    }
    throw malformed("no Records (expected: a notification of an S3 service)");
  }

  private static Notification records(JsonNode records) throws MalformedNotificationException {
    List<ObjectEvent> created = new ArrayList<>();
    int others = 0;
    for (JsonNode record : records) {
      if (!isCreation(text(record, "eventName"))) {
        others++;
        continue;
      }
      JsonNode object = record.path("s3").path("object");
      created.add(
          event(
              text(record.path("s3").path("bucket"), "name"),
              unescape(text(object, "key")),
              object.path("eTag"),
              object.path("sequencer")));
    }
    return new Notification(List.copyOf(created), others);
  }

  private static Notification bridged(JsonNode root) throws MalformedNotificationException {
    if (!text(root, "detail-type").equals("Object Created")) {
      return new Notification(List.of(), 1);
    }
    JsonNode detail = root.path("detail");
    JsonNode object = detail.path("object");
    return new Notification(
        List.of(
            event(
                text(detail.path("bucket"), "name"),
                text(object, "key"),
                object.path("etag"),
                object.path("sequencer"))),
        0);
  }

  private static Notification outer(JsonNode root) throws MalformedNotificationException {
    if (!isCreation(text(root, "EventName"))) {
      return new Notification(List.of(), 1);
    }
    String path = text(root, "Key");
    int slash = path.indexOf('/');
    if (slash < 1 || slash == path.length() - 1) {
      throw malformed("Key: %s (expected: bucket/key)".formatted(path));
    }
    JsonNode missing = root.path("Records");
    return new Notification(
        List.of(event(path.substring(0, slash), path.substring(slash + 1), missing, missing)), 0);
  }

  private static boolean isCreation(String eventName) {
    return (eventName.startsWith("s3:") ? eventName.substring(3) : eventName).startsWith(CREATED);
  }

  private static ObjectEvent event(String bucket, String key, JsonNode etag, JsonNode sequencer) {
    return new ObjectEvent(bucket, key, etag.asText().replace("\"", ""), sequencer.asText());
  }

  private static String text(JsonNode node, String field) throws MalformedNotificationException {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw malformed("no " + field + " (expected: a text)");
    }
    return value.textValue();
  }

  private static String unescape(String key) throws MalformedNotificationException {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      throw new MalformedNotificationException(
          "key: %s (expected: escaped as in a URL)".formatted(key), badEscape);
    }
  }

  private static MalformedNotificationException malformed(String message) {
    return new MalformedNotificationException(message, null);
  }
}
