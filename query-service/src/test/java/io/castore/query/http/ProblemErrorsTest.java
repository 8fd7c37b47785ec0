package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpResponse;
import io.castore.content.reading.CachedBlobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemErrorsTest {
  private static final StoredBlobs stored = new StoredBlobs();
  private static CachedBlobs blobs;
  private static TestServer server;

  @BeforeAll
  static void start() {
    blobs = CachedBlobs.open(stored.store(), StoredBlobs.LIMITS);
    server =
        TestServer.with(
            new BlobRoutes(blobs, TestServer.limits(), new ReadFailures(new SimpleMeterRegistry())),
            new BlobPuts(new FakeIntake(), TestServer.limits()),
            builder ->
                builder
                    .service("/throws", (ctx, request) -> throwing())
                    .route()
                    .get("/slow")
                    .requestTimeoutMillis(100)
                    .build((ctx, request) -> HttpResponse.streaming()));
  }

  private static HttpResponse throwing() {
    throw new IllegalStateException("a secret at /some/path");
  }

  @AfterAll
  static void stop() {
    server.close();
    blobs.close();
  }

  private static JsonNode assertProblem(java.net.http.HttpResponse<byte[]> response, int status)
      throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).isNotEmpty();
    return problem;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/blobs/", "/blobs/x/y", "/blobs/x/chunks/y"})
  void shouldSayThatThereIsNothingAtAnotherPath(String path) throws Exception {
    assertProblem(server.get(path), 404);
    assertProblem(server.send(server.request("GET", path), true), 404);
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /blobs, 'PUT'",
    "GET, /blobs, 'PUT'",
    "POST, /blobs/xyz, 'GET, HEAD, PUT'",
    "PUT, /blobs/xyz/chunks, 'GET, HEAD'",
    "PUT, /chunks/xyz, 'GET, HEAD'",
    "OPTIONS, /chunks/xyz, 'GET, HEAD'",
  })
  void shouldTellTheMethodsWhenAPathDoesNotHaveOne(String method, String path, String allowed)
      throws Exception {
    for (boolean multiplex : new boolean[] {false, true}) {
      java.net.http.HttpResponse<byte[]> response =
          server.send(server.request(method, path), multiplex);
      assertProblem(response, 405);
      assertThat(response.headers().allValues("allow")).containsExactly(allowed);
    }
  }

  @Test
  void shouldTellNothingOfWhatFailedInside() throws Exception {
    JsonNode problem = assertProblem(server.get("/throws"), 500);

    assertThat(problem.toString()).doesNotContain("secret").doesNotContain("Exception");
  }

  @Test
  void shouldAskForPatienceWhenAnAnswerTakesTooLong() throws Exception {
    java.net.http.HttpResponse<byte[]> response = server.get("/slow");

    assertProblem(response, 503);
    assertThat(response.headers().firstValue("retry-after")).hasValue("1");
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /blobs/%zz HTTP/1.1', 'Host: x', 400",
    "'GET /../../etc/passwd HTTP/1.1', 'Host: x', 400",
    "'FOO /blobs HTTP/1.1', 'Host: x', 405",
    "'PUT /blobs HTTP/1.1', 'Content-Length: x', 400",
    "'PUT /blobs HTTP/1.1', 'Content-Length: -1', 400",
    "'GET /blobs HTTP/1.1', 'Expect: a miracle', 417",
    "'GET blobs HTTP/1.1', 'Host: x', 400",
  })
  void shouldAnswerWithAProblemWhenARequestIsMalformed(String line, String header, int status)
      throws Exception {
    String request = line + "\r\n" + header + "\r\nConnection: close\r\n\r\n";
    try (Socket socket = server.connect(request)) {
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer)
          .startsWith("HTTP/1.1 " + status)
          .contains("application/problem+json")
          .doesNotContain("Exception");
    }
  }

  @Test
  void shouldAnswerWithAProblemWhenThePathIsTooLong() throws Exception {
    assertProblem(server.get("/blobs/" + "a".repeat(10_000)), 414);
  }
}
