package io.castore.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten thousand requests that nobody sends in good faith. The seed is printed. */
class MalformedRequestsTest {
  private static final int EACH = 2500;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");
  private static final String EMPTY =
      "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
  private static final long SEED = Long.getLong("castore.seed", System.nanoTime());

  private static final List<String> PATHS =
      List.of(
          "/blobs/" + EMPTY,
          "/blobs/" + EMPTY + "/chunks",
          "/chunks/" + EMPTY,
          "/blobs/../../etc/passwd",
          "/blobs/%2e%2e/%2e%2e/etc/passwd",
          "/blobs/%00",
          "/blobs/%",
          "/blobs/" + "a".repeat(7000),
          "//blobs//" + EMPTY,
          "/blobs/" + EMPTY.toUpperCase(java.util.Locale.ROOT),
          "*",
          "http://elsewhere/blobs/" + EMPTY,
          "blobs",
          "/?" + "&".repeat(2000),
          "/health/ready;x=y",
          "/metrics#x",
          "/\\..\\x",
          "/snix.castore.v1.BlobService/Stat",
          "/snix.castore.v1.BlobService/Nothing");

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "g e t");

  private static final List<String> HEADERS =
      List.of(
          "range: bytes=-",
          "range: bytes=0-18446744073709551616",
          "range: bytes=5-1",
          "range: " + "bytes=0-0,".repeat(200),
          "if-none-match: \"",
          "if-none-match: W/\"x\", *",
          "if-range: yesterday",
          "content-length: -1",
          "content-length: 99999999999999999999",
          "content-length: 5\r\ncontent-length: 6",
          "transfer-encoding: chunked\r\ncontent-length: 3",
          "transfer-encoding: gzip",
          "expect: 200-maybe",
          "connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: !!!",
          "connection: upgrade\r\nupgrade: websocket",
          "authorization: Bearer \u0001",
          "content-type: application/grpc",
          "content-type: ;;;",
          "content-encoding: gzip",
          ": nothing",
          "no colon",
          "x: " + "y".repeat(9000),
          "host: a\r\nhost: b",
          "castore-source: not a uri",
          "accept: */*;q=nan");

  private static BlobServer server;
  private static final Random RANDOM = new Random(SEED);

  @BeforeAll
  static void start() throws Exception {
    System.err.println("castore.seed=" + SEED);
    server = BlobServer.start(TestSettings.open(TestSettings.LIMITS));
  }

  @AfterAll
  static void stop() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    assertThat(
            http.send(
                    HttpRequest.newBuilder(server.at("/blobs/" + EMPTY)).build(),
                    BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(200);
    server.close();
  }

  @Test
  void shouldAnswerMalformedRequestsOfHttp1() throws Exception {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      requests.add(
          pick(METHODS)
              + " "
              + pick(PATHS)
              + (RANDOM.nextInt(20) == 0 ? " HTTP/9.9" : " HTTP/1.1")
              + "\r\nhost: x\r\n"
              + pick(HEADERS)
              + "\r\n"
              + pick(HEADERS)
              + "\r\n\r\n"
              + (RANDOM.nextInt(4) == 0 ? "5\r\nhello\r\nzz\r\n" : ""));
    }
    int answers = 0;
    try (Exchange exchange = new Exchange()) {
      for (String request : requests) {
        answers +=
            assertNoFault(exchange.send(request.getBytes(StandardCharsets.ISO_8859_1)), request);
      }
    }
    System.err.println("answers: " + answers);
    assertThat(answers).isGreaterThan(EACH / 10);
  }

  @Test
  void shouldAnswerBytesThatAreNoRequest() throws Exception {
    try (Exchange exchange = new Exchange()) {
      for (int i = 0; i < EACH; i++) {
        byte[] bytes = new byte[1 + RANDOM.nextInt(300)];
        RANDOM.nextBytes(bytes);
        byte[] request =
            RANDOM.nextBoolean() ? bytes : join("GET /".getBytes(StandardCharsets.US_ASCII), bytes);
        assertNoFault(
            exchange.send(join(request, "\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
            "random bytes");
      }
    }
  }

  @Test
  void shouldAnswerFramesOfGarbage() throws Exception {
    try (Exchange exchange = new Exchange()) {
      for (int i = 0; i < EACH; i++) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(preface());
        frames.writeBytes(frame(4, 0, 0, new byte[0]));
        for (int frame = 0; frame < 4; frame++) {
          byte[] payload = new byte[RANDOM.nextInt(64)];
          RANDOM.nextBytes(payload);
          frames.writeBytes(
              frame(RANDOM.nextInt(12), RANDOM.nextInt(256), RANDOM.nextInt(8), payload));
        }
        exchange.restart();
        exchange.send(frames.toByteArray());
      }
    }
  }

  @Test
  void shouldAnswerMessagesOfGarbage() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    List<String> calls = List.of("Stat", "Read", "Put", "Nothing");
    for (int i = 0; i < EACH; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  server.at(
                      "/"
                          + (RANDOM.nextBoolean() ? "snix" : "tvix")
                          + ".castore.v1.BlobService/"
                          + pick(calls)))
              .header("content-type", "application/grpc")
              .header("te", "trailers")
              .header("grpc-encoding", pick(List.of("identity", "gzip", "unknown", "identity")))
              .header("grpc-timeout", pick(List.of("10S", "1n", "x", "99999999H", "10S")))
              .POST(HttpRequest.BodyPublishers.ofByteArray(message()))
              .build();
      try {
        var answer = http.send(request, BodyHandlers.ofByteArray());
        String what = request + " " + request.headers() + " " + answer.headers();
        assertThat(answer.statusCode()).as(what).isLessThan(500);
        assertThat(answer.headers().firstValue("grpc-status").orElse("0"))
            .as(what)
            .isNotIn("2", "15");
      } catch (IOException reset) {
        // A stream may be cut off.
      }
    }
  }

  private static byte[] message() {
    byte[] payload = new byte[RANDOM.nextInt(60)];
    RANDOM.nextBytes(payload);
    int stated =
        switch (RANDOM.nextInt(4)) {
          case 0 -> RANDOM.nextInt();
          case 1 -> payload.length + 1;
          default -> payload.length;
        };
    int flag = RANDOM.nextInt(4) == 0 ? RANDOM.nextInt(256) : 0;
    return ByteBuffer.allocate(5 + payload.length)
        .put((byte) flag)
        .putInt(stated)
        .put(payload)
        .array();
  }

  private static byte[] preface() {
    byte[] preface = new byte[Http2CodecUtil.connectionPrefaceBuf().readableBytes()];
    Http2CodecUtil.connectionPrefaceBuf().readBytes(preface);
    return preface;
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    int stated = RANDOM.nextInt(10) == 0 ? RANDOM.nextInt(1 << 24) : payload.length;
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (stated >> 16))
        .putShort((short) stated)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static <T> T pick(List<T> from) {
    return from.get(RANDOM.nextInt(from.size()));
  }

  /** Gives how many answers there were. */
  private static int assertNoFault(String answer, String request) {
    Matcher status = STATUS.matcher(answer);
    int answers = 0;
    while (status.find()) {
      answers++;
      assertThat(Integer.parseInt(status.group(1)))
          .as(request)
          .satisfiesAnyOf(
              code -> assertThat(code).isLessThan(500), code -> assertThat(code).isIn(501, 505));
    }
    return answers;
  }

  /** A connection that is made anew when the server has closed it. */
  private static final class Exchange implements AutoCloseable {
    private Socket socket = connect();

    private Exchange() throws IOException {}

    private static Socket connect() throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      socket.setSoTimeout(2);
      return socket;
    }

    private void restart() throws IOException {
      socket.close();
      socket = connect();
    }

    /** Sends bytes, and gives what came back by then, which may belong to what was sent before. */
    private String send(byte[] bytes) throws IOException {
      byte[] answer = new byte[64 << 10];
      try {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        InputStream in = socket.getInputStream();
        int length = in.read(answer);
        if (length >= 0) {
          return new String(answer, 0, length, StandardCharsets.ISO_8859_1);
        }
      } catch (SocketTimeoutException nothingYet) {
        return "";
      } catch (IOException reset) {
        // As an end.
      }
      restart();
      return "";
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
