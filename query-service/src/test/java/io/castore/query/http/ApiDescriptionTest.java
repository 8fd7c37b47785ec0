package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.castore.content.digest.Digest;
import io.castore.content.reading.CachedBlobs;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.pipeline.records.UploadId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the description against what is served, and what is answered against the description. */
class ApiDescriptionTest {
  private static final JsonNode api = read();
  private static final StoredBlobs stored = new StoredBlobs();
  private static final FakeIntake intake = new FakeIntake();
  private static final byte[] FIRST = StoredBlobs.bytes(1, 1_000);
  private static final byte[] SECOND = StoredBlobs.bytes(2, 1_000);
  private static final Digest blob = stored.putBlob(FIRST, SECOND);
  private static final Digest damaged = stored.putBlob(StoredBlobs.bytes(3, 1_000));
  private static CachedBlobs blobs;
  private static TestServer server;

  private static JsonNode read() {
    try (InputStream in = ApiDescription.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  static void start() {
    stored.damageChunk(StoredBlobs.bytes(3, 1_000));
    intake.end =
        body ->
            body.expected.isPresent()
                ? new PushOutcome.WrongDigest(Digest.EMPTY)
                : new PushOutcome.Stored(
                    new IngestOutcome.Complete(UploadId.random(), blob, 3, 1, 1, 3));
    blobs = CachedBlobs.open(stored.store(), StoredBlobs.LIMITS);
    server =
        TestServer.with(
            new BlobRoutes(blobs, TestServer.limits(), new ReadFailures(new SimpleMeterRegistry())),
            new BlobPuts(intake, TestServer.limits()),
            new ApiDescription());
  }

  @AfterAll
  static void stop() {
    server.close();
    blobs.close();
  }

  @Test
  void shouldServeTheDescription() throws Exception {
    HttpResponse<byte[]> response = server.get("/openapi.json");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(new ObjectMapper().readTree(response.body())).isEqualTo(api);
  }

  @Test
  void shouldReferToWhatThereIs() {
    assertThat(api.findValues("$ref")).isNotEmpty();
    for (JsonNode reference : api.findValues("$ref")) {
      assertThat(api.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
    assertThat(api.findValues("operationId")).extracting(JsonNode::asText).doesNotHaveDuplicates();
  }

  static Stream<Arguments> requests() {
    String tag = '"' + blob.toHex() + '"';
    return Stream.of(
        arguments("GET", "/blobs/{digest}", blob.toHex(), null, 200),
        arguments("GET", "/blobs/{digest}", blob.toHex(), "Range: bytes=0-9", 206),
        arguments("GET", "/blobs/{digest}", blob.toHex(), "If-None-Match: " + tag, 304),
        arguments("GET", "/blobs/{digest}", "xyz", null, 400),
        arguments("GET", "/blobs/{digest}", "0".repeat(64), null, 404),
        arguments("GET", "/blobs/{digest}", blob.toHex(), "If-Match: \"x\"", 412),
        arguments("GET", "/blobs/{digest}", blob.toHex(), "Range: bytes=5000-", 416),
        arguments("GET", "/blobs/{digest}", damaged.toHex(), null, 500),
        arguments("HEAD", "/blobs/{digest}", blob.toHex(), null, 200),
        arguments("HEAD", "/blobs/{digest}", blob.toHex(), "If-None-Match: *", 304),
        arguments("HEAD", "/blobs/{digest}", "0".repeat(64), null, 404),
        arguments("GET", "/blobs/{digest}/chunks", blob.toHex(), null, 200),
        arguments("GET", "/blobs/{digest}/chunks", "xyz", null, 400),
        arguments("GET", "/blobs/{digest}/chunks", "0".repeat(64), null, 404),
        arguments("HEAD", "/blobs/{digest}/chunks", blob.toHex(), null, 200),
        arguments("GET", "/chunks/{digest}", damaged.toHex(), null, 500),
        arguments("GET", "/chunks/{digest}", blob.toHex(), null, 404),
        arguments("GET", "/chunks/{digest}", Digest.EMPTY.toHex(), null, 404),
        arguments("PUT", "/blobs", "", null, 201),
        arguments("PUT", "/blobs", "", "Castore-Source: nowhere", 400),
        arguments("PUT", "/blobs", "", "Content-Encoding: gzip", 415),
        arguments("PUT", "/blobs/{digest}", blob.toHex(), null, 422),
        arguments("PUT", "/blobs/{digest}", "xyz", null, 400),
        arguments("GET", "/openapi.json", "", null, 200));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void shouldAnswerAsDescribed(
      String method, String path, String digest, @Nullable String header, int status)
      throws Exception {
    HttpRequest.Builder request =
        server
            .request(method, path.replace("{digest}", digest))
            .method(
                method,
                method.equals("PUT")
                    ? BodyPublishers.ofByteArray(new byte[] {1, 2, 3})
                    : BodyPublishers.noBody());
    if (header != null) {
      String[] nameAndValue = header.split(": ", 2);
      request.header(nameAndValue[0], nameAndValue[1]);
    }

    HttpResponse<byte[]> response = server.send(request);

    assertThat(response.statusCode()).isEqualTo(status);
    assertAsDescribed(method, path, response);
  }

  private static void assertAsDescribed(String method, String path, HttpResponse<byte[]> response)
      throws IOException {
    JsonNode answer =
        resolved(
            api.path("paths")
                .path(path)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(response.statusCode())));
    assertThat(answer.isMissingNode()).as("%s is described", response).isFalse();
    for (Map.Entry<String, JsonNode> header : answer.path("headers").properties()) {
      Optional<String> value = response.headers().firstValue(header.getKey());
      JsonNode description = resolved(header.getValue());
      if (description.path("required").asBoolean()) {
        assertThat(value).as(header.getKey()).isPresent();
      }
      if (value.isPresent()) {
        assertValid(description.path("schema"), new ObjectMapper().valueToTree(value.get()));
      }
    }
    if (answer.path("content").isMissingNode()) {
      assertThat(response.body()).isEmpty();
      return;
    }
    String type = response.headers().firstValue("content-type").orElseThrow();
    assertThat(answer.path("content").has(type)).as(type).isTrue();
    if (type.endsWith("json")) {
      assertValid(
          answer.path("content").path(type).path("schema"),
          new ObjectMapper().readTree(response.body()));
    }
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? api.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** References of a schema are looked up among the description's. */
  private static void assertValid(JsonNode schema, JsonNode value) throws IOException {
    ObjectNode document = schema.deepCopy();
    document.set("$defs", api.path("components").path("schemas"));
    String text = document.toString().replace("#/components/schemas/", "#/$defs/");
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(new ObjectMapper().readTree(text))
                .validate(value))
        .isEmpty();
  }
}
