package io.castore.query.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.castore.query.BlobServer;
import io.castore.query.TestSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class AccessTest {
  private static final NewToken READER = NewToken.generate();
  private static final NewToken WRITER = NewToken.generate();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path directory;

  private static Path tokens;
  private static BlobServer server;

  @BeforeAll
  static void start() throws Exception {
    tokens = directory.resolve("tokens");
    Files.writeString(tokens, lines());
    server = BlobServer.start(TestSettings.withTokens(tokens));
  }

  private static String lines() {
    return READER.line("reader", List.of(Scope.READ))
        + "\n"
        + WRITER.line("writer", List.of(Scope.WRITE));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET  | /health/live             | 200 | 200 | 200
          GET  | /health/ready            | 200 | 200 | 200
          GET  | /                        | 200 | 200 | 200
          GET  | /console/app.js          | 200 | 200 | 200
          GET  | /console/nothing.js      | 401 | 404 | 403
          GET  | /metrics                 | 401 | 200 | 403
          GET  | /blobs/EMPTY             | 401 | 200 | 403
          HEAD | /blobs/EMPTY             | 401 | 200 | 403
          GET  | /blobs/EMPTY/chunks      | 401 | 200 | 403
          PUT  | /blobs                   | 401 | 403 | 404
          GET  | /nothing                 | 401 | 404 | 403
          GET  | /health/live/more        | 401 | 404 | 403
          POST | /blobs/EMPTY/uploads     | 401 | 403 | 201
          POST | /chunks/missing          | 401 | 405 | 403
          DELETE | /blobs/EMPTY           | 401 | 403 | 405
          """)
  void shouldAskForTheScopeThatARouteNeeds(
      String method, String path, int nobody, int reader, int writer) throws Exception {
    assertThat(status(method, path, null)).isEqualTo(nobody);
    assertThat(status(method, path, "Bearer " + READER.token())).isEqualTo(reader);
    assertThat(status(method, path, "bearer " + WRITER.token())).isEqualTo(writer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /grpc.health.v1.Health/Check                                 |  0 |  0 |  0
          /snix.castore.v1.BlobService/Stat                            | 16 |  3 |  7
          /tvix.castore.v1.BlobService/Stat                            | 16 |  3 |  7
          /snix.castore.v1.BlobService/Read                            | 16 |  3 |  7
          /snix.castore.v1.BlobService/Put                             | 16 |  7 |  0
          /tvix.castore.v1.BlobService/Put                             | 16 |  7 |  0
          /tvix.castore.v1.BlobService/%50ut                           | 16 |  7 |  0
          /grpc.reflection.v1.ServerReflection/ServerReflectionInfo    | 16 |  0 |  7
          /grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo | 16 |  0 |  7
          """)
  void shouldAskForTheScopeThatACallNeeds(String path, int nobody, int reader, int writer)
      throws Exception {
    assertThat(grpcStatus(path, null)).isEqualTo(nobody);
    assertThat(grpcStatus(path, "Bearer " + READER.token())).isEqualTo(reader);
    assertThat(grpcStatus(path, "Bearer " + WRITER.token())).isEqualTo(writer);
  }

  @ParameterizedTest
  @CsvSource({"Basic dXNlcjpwYXNz", "Bearer", "Bearer castore_unknown", "castore_unknown"})
  void shouldSayHowToShowAToken(String authorization) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(request("GET", "/metrics", authorization).build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("server")).isEmpty();
  }

  @Test
  void shouldNotLogWhatLooksLikeAnotherLine() {
    assertThat(PrintableText.of("/a\r\nb\u007f\u00e4\\"))
        .isEqualTo("/a\\u000d\\u000ab\\u007f\\u00e4\\u005c");
  }

  @Test
  void shouldReadTheFileAgainWhenItChanges() throws Exception {
    NewToken later = NewToken.generate();
    String authorization = "Bearer " + later.token();
    assertThat(status("GET", "/metrics", authorization)).isEqualTo(401);

    Files.writeString(tokens, lines() + "\n" + later.line("later", List.of(Scope.READ)));

    await().until(() -> status("GET", "/metrics", authorization) == 200);
  }

  @Test
  void shouldLogALineForEachRequest() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.castore.access");
    List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    ListAppender<ILoggingEvent> appender =
        new ListAppender<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event);
          }
        };
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try {
      assertThat(status("GET", "/health/live", null)).isEqualTo(200);
      String path = "/nothing/%22x%22?token=secret";
      status("GET", path, "Bearer " + READER.token());
      await()
          .untilAsserted(
              () ->
                  assertThat(lines)
                      .extracting(ILoggingEvent::getFormattedMessage)
                      .anySatisfy(
                          line ->
                              assertThat(line)
                                  .matches(
                                      "\\S+Z 127\\.0\\.0\\.1 reader GET /nothing/%22x%22"
                                          + " 404 [0-9]+ [0-9]+ms")));
      assertThat(lines)
          .extracting(ILoggingEvent::getFormattedMessage)
          .noneMatch(
              line ->
                  line.contains("castore_")
                      || line.contains("secret")
                      || line.contains("/health/live"));
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
  }

  private static int status(String method, String path, @Nullable String authorization)
      throws Exception {
    return HTTP.send(request(method, path, authorization).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static HttpRequest.Builder request(
      String method, String path, @Nullable String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                server.at(
                    path.replace(
                        "EMPTY",
                        "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")))
            .method(method, BodyPublishers.noBody());
    return authorization == null ? request : request.header("authorization", authorization);
  }

  /** Calls with an empty message; gives the status of the trailers, which HTTP/1.1 has as well. */
  private static int grpcStatus(String path, @Nullable String authorization) throws Exception {
    boolean streams = path.contains("Reflection") || path.endsWith("ut");
    HttpRequest request =
        request("POST", path, authorization)
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .POST(streams ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(new byte[5]))
            .build();
    HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    // The client of the JDK drops trailers: what ends without an error has no status in its
    // headers.
    return answer.headers().firstValue("grpc-status").map(Integer::parseInt).orElse(0);
  }
}
