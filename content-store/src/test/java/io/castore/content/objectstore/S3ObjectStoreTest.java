package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** With a service that fails when it is told to. */
class S3ObjectStoreTest extends S3StoreContractTest {
  private static EmbeddedS3 server;

  @BeforeAll
  static void startServer() {
    server = EmbeddedS3.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void stopFailing() {
    server.failNext(0);
  }

  @Override
  S3Server server() {
    return server;
  }

  @Test
  void shouldTryAgainWhenTheServiceIsOverloaded() throws IOException {
    ListAppender<ILoggingEvent> warnings = record();
    server.failNext(2);
    store().put("a", text("content"));
    server.failNext(1);
    assertThat(store().putIfAbsent("b", text("content"))).isTrue();
    server.failNext(1);
    assertThat(read("a")).contains("content");
    server.failNext(1);
    assertThat(store().stat("a")).isPresent();
    server.failNext(1);
    assertThat(list("")).containsExactly("a", "b");
    server.failNext(1);
    store().probe();
    server.failNext(1);
    store().put("large", GeneratedBody.of(9 << 20));
    server.failNext(1);
    store().delete("large");
    assertThat(list("")).containsExactly("a", "b");

    assertThat(warnings.list).hasSize(9).allMatch(event -> event.getLevel() == Level.WARN);
    assertThat(warnings.list.get(0).getFormattedMessage())
        .matches(
            store().url()
                + ": put a: attempt 1 of 3 failed \\(answer 503 SlowDown\\), the next in \\d+ ms");
  }

  @Test
  void shouldGiveUpAfterTheLastAttempt() {
    int before = server.requests();
    server.failNext(100);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store().put("a", text("content")))
        .withMessage(store().url() + ": put a: no usable answer (answer 503 SlowDown), 3 attempts");
    assertThat(server.requests() - before).isEqualTo(3);
  }

  @Test
  void shouldNotTryAgainWhenTheKeysAreWrong() {
    int before = server.requests();
    try (ObjectStore refused =
        ObjectStores.open(
            server.url(""), server.settings().withKeys(EmbeddedS3.ACCESS_KEY, "wrong"))) {
      assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(refused::probe);
      assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(() -> refused.stat("a"));
    }
    assertThat(server.requests() - before).isEqualTo(2);
  }

  @Test
  void shouldGiveUpADeleteAfterTheLastAttempt() throws IOException {
    store().put("a", text("content"));
    server.failNext(100);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store().delete("a"))
        .withMessage(
            store().url() + ": delete a: no usable answer (answer 503 SlowDown), 3 attempts");
    server.failNext(0);
    assertThat(list("")).containsExactly("a");
  }

  @Test
  void shouldGiveUpWhenTheServiceCannotBeReached() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    S3Settings nowhere =
        server.settings().withEndpoint(URI.create("http://127.0.0.1:" + port)).withAttempts(2);

    try (ObjectStore unreachable = ObjectStores.open(server.url(""), nowhere)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(unreachable::probe)
          .withMessageStartingWith("s3://castore-test: open: no usable answer (")
          .withMessageContaining("127.0.0.1")
          .withMessageEndingWith(", 2 attempts");
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> unreachable.put("a", text("a")));
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> unreachable.open("a"));
    }
  }

  @Test
  void shouldGiveUpWhenTheServiceNeverAnswers() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        ObjectStore waiting =
            ObjectStores.open(
                server.url(""),
                server
                    .settings()
                    .withEndpoint(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                    .withTimeouts(
                        Duration.ofMillis(200),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(200))
                    .withAttempts(1))) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> waiting.put("a", text("a")))
          .withMessageContaining("timeout");
    }
  }

  @Test
  void shouldFailTheReaderWhenABodyBreaksOff() throws Exception {
    try (ServerSocket breaking = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Thread peer =
          new Thread(
              () -> {
                try (Socket socket = breaking.accept();
                    OutputStream answer = socket.getOutputStream()) {
                  answer.write(
                      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly some"
                          .getBytes(StandardCharsets.US_ASCII));
                  answer.flush();
                  socket.shutdownOutput();
                  socket.getInputStream().readAllBytes();
                } catch (IOException ended) {
                  // The client went first.
                }
              });
      peer.start();
      S3Settings settings =
          server
              .settings()
              .withEndpoint(URI.create("http://127.0.0.1:" + breaking.getLocalPort()))
              .withAttempts(1);
      try (ObjectStore broken = ObjectStores.open(server.url(""), settings);
          InputStream stream = broken.open("a").orElseThrow()) {
        assertThatExceptionOfType(IOException.class).isThrownBy(stream::readAllBytes);
      }
      peer.join();
    }
  }

  @Test
  void shouldRefuseWhenWhatAnswersIsNoS3Service() throws Exception {
    com.sun.net.httpserver.HttpServer other =
        com.sun.net.httpserver.HttpServer.create(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>Not here</html>".getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(404, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    URI endpoint = URI.create("http://127.0.0.1:" + other.getAddress().getPort());
    try (ObjectStore wrong =
        ObjectStores.open(server.url(""), server.settings().withEndpoint(endpoint))) {
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(wrong::probe)
          .withMessageContaining("what answers at " + endpoint + " is no S3 service");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void shouldGoOnAfterAnInterruptedPause() throws IOException {
    server.failNext(100);
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store().put("a", text("a")));

    assertThat(Thread.interrupted()).isTrue();
    server.failNext(0);
    store().put("a", text("a"));
    assertThat(read("a")).contains("a");
  }

  private static ListAppender<ILoggingEvent> record() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    ((Logger) LoggerFactory.getLogger(S3Calls.class)).addAppender(appender);
    return appender;
  }
}
