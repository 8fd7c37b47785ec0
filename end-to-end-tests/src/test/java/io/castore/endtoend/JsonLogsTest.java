package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs for programs. */
final class JsonLogsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern URL = Pattern.compile(" at (http\\S+),");

  @TempDir private Path directory;

  @Test
  void shouldWriteNothingButObjects() throws Exception {
    try (CastoreProcess serve =
        Castore.in(directory).with("CASTORE_LOG_FORMAT", "json").start("serve")) {
      serve.awaitError("serving ");
      HttpRequest metrics =
          HttpRequest.newBuilder(URI.create(url(serve)).resolve("/metrics")).build();
      assertThat(HttpClient.newHttpClient().send(metrics, BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      serve.awaitError("io.castore.access");
      serve.signal("TERM");

      List<JsonNode> events =
          serve.awaitEnd().endedWith(128 + 15).err().lines().map(JsonLogsTest::parse).toList();

      assertThat(events)
          .allMatch(event -> event.has("timestamp") && event.has("formattedMessage"))
          .anySatisfy(
              event -> {
                assertThat(event.get("loggerName").textValue()).isEqualTo("io.castore.access");
                assertThat(event.get("kvpList").findValue("status").textValue()).isEqualTo("200");
                assertThat(event.get("kvpList").findValue("path").textValue())
                    .isEqualTo("/metrics");
              });
    }
  }

  private static String url(CastoreProcess serve) {
    Matcher url = URL.matcher(serve.err().replace("\\/", "/"));
    assertThat(url.find()).as(serve.err()).isTrue();
    return url.group(1);
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException noObject) {
      throw new AssertionError(line, noObject);
    }
  }

  @Test
  void shouldRefuseAnotherFormat() throws Exception {
    CommandResult refused =
        Castore.in(directory).with("CASTORE_LOG_FORMAT", "xml").run("--version").endedWith(2);

    assertThat(refused.err()).contains("castore: CASTORE_LOG_FORMAT: xml (expected: text or json)");
  }
}
