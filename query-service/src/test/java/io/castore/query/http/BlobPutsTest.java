package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.pipeline.records.UploadId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobPutsTest {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_BYTES_TAKEN = 4 << 20;
  private static final UploadId ID = UploadId.parse("0193f4c8-0000-7000-8000-000000000001");
  private static final FakeIntake intake = new FakeIntake();
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.with(
            new BlobPuts(intake, TestServer.limits(MOST_BYTES, Duration.ofSeconds(30))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void takeAll() {
    intake.taken.clear();
    intake.full = false;
    intake.slow = false;
    intake.mostBytes = MOST_BYTES_TAKEN;
    intake.end =
        body -> {
          Digest actual = Blake3.hash(body.bytes.toByteArray());
          return body.expected.isPresent() && !body.expected.get().equals(actual)
              ? new PushOutcome.WrongDigest(actual)
              : new PushOutcome.Stored(
                  new IngestOutcome.Complete(ID, actual, body.bytes.size(), 3, 2, 1));
        };
  }

  private static HttpRequest.Builder put(String path, byte[] body) {
    return server.request("PUT", path).PUT(BodyPublishers.ofByteArray(body));
  }

  private static void assertProblem(HttpResponse<byte[]> response, int status) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(new ObjectMapper().readTree(response.body()).path("status").asInt())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "false, 10", "true, 10", "false, 3000000", "true, 3000000"})
  void shouldStoreABody(boolean multiplex, int size) throws Exception {
    byte[] body = StoredBlobs.bytes(1, size);
    Digest digest = Blake3.hash(body);

    for (String path : new String[] {"/blobs", "/blobs/" + digest}) {
      HttpResponse<byte[]> response = server.send(put(path, body), multiplex);

      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.headers().firstValue("location")).hasValue("/blobs/" + digest);
      assertThat(response.headers().firstValue("etag")).hasValue('"' + digest.toHex() + '"');
      JsonNode told = new ObjectMapper().readTree(response.body());
      assertThat(told.path("digest").asText()).isEqualTo(digest.toHex());
      assertThat(told.path("size").asLong()).isEqualTo(size);
      assertThat(told.path("chunks").asLong()).isEqualTo(3);
      assertThat(told.path("new_chunks").asLong()).isEqualTo(2);
      assertThat(told.path("new_bytes").asLong()).isEqualTo(1);
      assertThat(told.path("upload_id").asText()).isEqualTo(ID.toString());
      assertThat(intake.last().bytes.toByteArray()).isEqualTo(body);
      assertThat(intake.last().source).startsWith("http-put:");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldStoreABodyOfUnknownLength(boolean multiplex) throws Exception {
    byte[] body = StoredBlobs.bytes(2, 1_000_000);
    HttpRequest.Builder request =
        server
            .request("PUT", "/blobs")
            .PUT(
                BodyPublishers.ofByteArrays(
                    Arrays.asList(
                        Arrays.copyOf(body, 400_000),
                        Arrays.copyOfRange(body, 400_000, 1_000_000))));

    assertThat(server.send(request, multiplex).statusCode()).isEqualTo(201);
    assertThat(intake.last().bytes.toByteArray()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRefuseABodyOfAnotherDigest(boolean multiplex) throws Exception {
    Digest other = Blake3.hash(new byte[] {9});

    HttpResponse<byte[]> response =
        server.send(put("/blobs/" + other, new byte[] {1, 2}), multiplex);

    assertProblem(response, 422);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains(other.toHex())
        .contains(Blake3.hash(new byte[] {1, 2}).toHex());
  }

  @Test
  void shouldNameTheUploadAsTheClientDoes() throws Exception {
    HttpRequest.Builder request =
        put("/blobs", new byte[] {1}).header("Castore-Source", "file:///data/a%20b");

    assertThat(server.send(request).statusCode()).isEqualTo(201);
    assertThat(intake.last().source).isEqualTo("file:///data/a%20b");
  }

  static Stream<Arguments> unusable() {
    return Stream.of(
        arguments("castore-source", "not a uri", 400),
        arguments("castore-source", "relative/path", 400),
        arguments("castore-source", "x:" + "y".repeat(2_047), 400),
        arguments("content-range", "bytes 0-1/2", 400),
        arguments("content-encoding", "gzip", 415),
        arguments("content-encoding", "identity, gzip", 415));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void shouldRefuseABodyThatItsHeadersRuleOut(String name, String value, int status)
      throws Exception {
    HttpResponse<byte[]> response =
        server.send(put("/blobs", new byte[] {1, 2}).header(name, value));

    assertProblem(response, status);
    assertThat(intake.taken).isEmpty();
  }

  @Test
  void shouldTakeABodyWhoseEncodingIsIdentity() throws Exception {
    HttpRequest.Builder request =
        put("/blobs", new byte[] {1}).header("content-encoding", "Identity");

    assertThat(server.send(request).statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRefuseWhatIsNoDigest(boolean multiplex) throws Exception {
    assertProblem(server.send(put("/blobs/xyz", new byte[] {1}), multiplex), 400);
    assertThat(intake.taken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldAskForPatienceWhenThereIsNoRoom(boolean multiplex) throws Exception {
    intake.full = true;

    HttpResponse<byte[]> response = server.send(put("/blobs", new byte[] {1}), multiplex);

    assertProblem(response, 503);
    assertThat(response.headers().firstValue("retry-after")).hasValue("1");
  }

  @Test
  void shouldRefuseABodyAtOnceWhenItsHeadersSayThatItIsTooLong() throws Exception {
    String request =
        "PUT /blobs HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n".formatted(MOST_BYTES + 1L);
    try (Socket socket = server.connect(request)) {
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
    }
    assertThat(intake.taken).isEmpty();
  }

  @Test
  void shouldGiveABodyUpWhenItProvesTooLong() throws Exception {
    try (Socket socket =
        server.connect("PUT /blobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")) {
      byte[] chunk =
          StoredBlobs.concat(
              "10000\r\n".getBytes(StandardCharsets.ISO_8859_1),
              new byte[0x10000],
              "\r\n".getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; i <= MOST_BYTES_TAKEN / 0x10000; i++) {
        socket.getOutputStream().write(chunk);
      }
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 413");
    }
    assertThat(intake.last().ended).isFalse();
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        arguments(new PushOutcome.TooLong(5), 413),
        arguments(new PushOutcome.Aborted("nothing came for 30 s"), 408),
        arguments(new PushOutcome.Failed("/a/secret/path"), 500),
        arguments(new PushOutcome.Unavailable("a secret"), 503));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void shouldTellHowAnUploadEnded(PushOutcome end, int status) throws Exception {
    intake.end = body -> end;

    for (boolean multiplex : new boolean[] {false, true}) {
      HttpResponse<byte[]> response = server.send(put("/blobs", new byte[] {1}), multiplex);
      assertProblem(response, status);
      assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
    }
  }

  @Test
  void shouldAnswerBeforeTheBodyHasEndedWhenTheUploadHas() throws Exception {
    try (Socket socket =
        server.connect("PUT /blobs HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345")) {
      await().until(() -> intake.taken.size() == 1 && intake.last().pieces == 1);
      intake.last().end(new PushOutcome.Aborted("nothing came for 30 s"));

      // The connection ends with it, since nobody knows where the next request would begin.
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 408");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
  void shouldGiveTheUploadUpWhenTheClientGoesAway(String framing) throws Exception {
    try (Socket socket =
        server.connect("PUT /blobs HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n3\r\nabc\r\n")) {
      await().until(() -> intake.taken.size() == 1 && intake.last().pieces == 1);
      assertThat(socket.isConnected()).isTrue();
    }

    assertThat(intake.last().aborted)
        .succeedsWithin(TestServer.PATIENCE)
        .isEqualTo("the client went away");
    assertThat(intake.last().ended).isFalse();
  }

  @Test
  void shouldGiveTheUploadUpWhenABodyIsMalformed() throws Exception {
    try (Socket socket =
        server.connect(
            "PUT /blobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 400");
    }

    assertThat(intake.last().aborted).succeedsWithin(TestServer.PATIENCE);
    assertThat(intake.last().ended).isFalse();
  }

  @Test
  void shouldHaveTheClientWaitWhenNothingIsTaken() throws Exception {
    intake.slow = true;
    try (Socket socket =
        server.connect("PUT /blobs HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")) {
      Thread client =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(new byte[4_000_000]);
                } catch (IOException cutOff) {
                  // The test has ended.
                }
              });
      client.start();
      await().until(() -> intake.taken.size() == 1 && intake.last().pieces == 1);
      // The fake would object to a second piece, which would end the upload.
      assertThat(intake.last().outcome).isNotDone();
    }
    // That the client has gone is seen where it is read from again.
    intake.slow = false;
    intake.last().takeLast();
    assertThat(intake.last().aborted).succeedsWithin(TestServer.PATIENCE);
  }

  @Test
  void shouldLetAClientGoOnThatAsksFirst() throws Exception {
    try (Socket socket =
        server.connect(
            "PUT /blobs HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")) {
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(answer.readLine()).isEmpty();
      socket.getOutputStream().write("abc".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 201");
    }
    assertThat(intake.last().bytes.toByteArray()).asString().isEqualTo("abc");
  }
}
