package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.minio.ListMultipartUploadsArgs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class S3ObjectStoreTest extends ObjectStoreContractTest {
  private static final AtomicInteger stores = new AtomicInteger();
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
  ObjectStore openEmpty() {
    return open("test-" + stores.incrementAndGet());
  }

  private static ObjectStore open(String prefix) {
    return ObjectStores.open(server.url(prefix), server.settings());
  }

  @Test
  void shouldPutKeysBelowThePrefix() throws IOException {
    try (ObjectStore whole = open("");
        ObjectStore part = open("prefixes/deep er/ä");
        ObjectStore sibling = open("prefixes/deep er/äa")) {
      part.put("a/b", text("content"));
      sibling.put("c", text("other"));

      assertThat(part.stat("a/b")).isPresent();
      assertThat(whole.stat("a/b")).isEmpty();
      assertThat(keys(part)).containsExactly("a/b");
      assertThat(keys(sibling)).containsExactly("c");
      assertThat(part.url()).isEqualTo("s3://castore-test/prefixes/deep%20er/ä");
    }
  }

  @Test
  void shouldUseTheWholeBucketWhenThereIsNoPrefix() throws IOException {
    try (ObjectStore whole = open("");
        ObjectStore part = open("whole")) {
      whole.put("whole/a", text("content"));

      assertThat(sizeOf(part, "a")).hasValue(7);
    }
  }

  @Test
  void shouldLetOneOfManyWriteWhenLargeBodiesRace() throws Exception {
    int size = S3Writes.PART_BYTES + 1;
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      GeneratedBody body = new GeneratedBody(size, size, writer);
      tasks.add(
          () -> {
            start.await();
            return store().putIfAbsent("large", body);
          });
    }

    List<Boolean> wrote = runTogether(tasks, start);

    assertThat(wrote).containsOnlyOnce(true);
    try (InputStream stream = store().open("large").orElseThrow()) {
      assertThat(new GeneratedBody(size, size, wrote.indexOf(true)).matches(stream)).isTrue();
    }
  }

  @Test
  void shouldAbandonThePartsWhenALargeBodyIsNotKept() throws Exception {
    store().put("large/once", text("first"));

    assertThat(store().putIfAbsent("large/once", GeneratedBody.of(9 << 20))).isFalse();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store().put("large/cut", new GeneratedBody(20 << 20, 17 << 20, 0)));

    try (S3Connection connection = S3Connection.open(server.settings())) {
      assertThat(
              connection
                  .client()
                  .listMultipartUploads(
                      ListMultipartUploadsArgs.builder().bucket(EmbeddedS3.BUCKET).build())
                  .get()
                  .result()
                  .uploads())
          .isEmpty();
    }
  }

  @Test
  void shouldTakeTheKeysOfTheEnvironmentWhenNoneAreSet() throws IOException {
    // The client looks for each name among the system properties first.
    System.setProperty("AWS_ACCESS_KEY_ID", EmbeddedS3.ACCESS_KEY);
    System.setProperty("AWS_SECRET_ACCESS_KEY", EmbeddedS3.SECRET_KEY);
    try (ObjectStore environment =
        ObjectStores.open(server.url("environment"), server.settings().withKeys(null, null))) {
      environment.put("a", text("a"));

      assertThat(keys(environment)).containsExactly("a");
    } finally {
      System.clearProperty("AWS_ACCESS_KEY_ID");
      System.clearProperty("AWS_SECRET_ACCESS_KEY");
    }
  }

  @Test
  void shouldSayThatNoKeysAreSetWhenAnonymousRequestsAreDenied() {
    assumeThat(System.getenv())
        .doesNotContainKeys("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "MINIO_ACCESS_KEY");
    assumeThat(Path.of(System.getProperty("user.home"), ".aws", "credentials")).doesNotExist();
    try (ObjectStore anonymous =
        ObjectStores.open(server.url(""), server.settings().withKeys(null, null))) {
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(anonymous::probe)
          .withMessageContaining("no keys are set, so the request was anonymous");
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> anonymous.put("a", text("a")));
    }
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
  void shouldRefuseWhenTheBucketIsMissing() {
    try (ObjectStore missing =
        ObjectStores.open(new StoreUrl.S3("no-such-bucket", "a"), server.settings())) {
      String message =
          "bucket no-such-bucket does not exist at "
              + server.endpoint()
              + " (create it, or name another)";
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(missing::probe)
          .withMessage("s3://no-such-bucket/a: open: " + message);
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.put("a", text("a")))
          .withMessageEndingWith(message);
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.putIfAbsent("a", text("a")));
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.put("a", GeneratedBody.of(9 << 20)));
      assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(() -> missing.open("a"));
    }
  }

  @Test
  void shouldRefuseWithoutTheSecretWhenTheKeysAreWrong() {
    int before = server.requests();
    for (S3Settings wrong :
        List.of(
            server.settings().withKeys(EmbeddedS3.ACCESS_KEY, "hush-hush"),
            server.settings().withKeys("unknown", "hush-hush"))) {
      try (ObjectStore refused = ObjectStores.open(server.url(""), wrong)) {
        Throwable failure = catchThrowable(refused::probe);

        assertThat(failure)
            .isInstanceOf(StoreRefusedException.class)
            .hasMessageContaining("the keys were not accepted by " + server.endpoint())
            .hasMessageContaining("check access key and secret key");
        assertThat(allOf(failure)).doesNotContain("hush-hush");
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.put("a", text("a")));
        assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(() -> refused.stat("a"));
      }
    }
    assertThat(server.requests() - before).isEqualTo(6);
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

  private static List<String> keys(ObjectStore store) throws IOException {
    List<String> keys = new ArrayList<>();
    store.list("", object -> keys.add(object.key()));
    return keys;
  }

  private static String allOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static ListAppender<ILoggingEvent> record() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    ((Logger) LoggerFactory.getLogger(S3Calls.class)).addAppender(appender);
    return appender;
  }
}
