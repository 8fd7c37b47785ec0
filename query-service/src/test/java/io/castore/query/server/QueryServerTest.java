package io.castore.query.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.config.ServerSettings;
import io.castore.query.ServicePart;
import io.castore.query.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static QueryServer start(ServerSettings settings, ServicePart... parts) throws Exception {
    return QueryServer.start(settings, new SimpleMeterRegistry(), List.of(parts));
  }

  private static ServerLimits limits(int connections, int requests) {
    return new ServerLimits(
        connections, requests, 8, 1 << 30, 4 << 10, Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void shouldRefuseToServeEverybodyUnlessItIsTold(String host) throws Exception {
    assertThatThrownBy(() -> start(TestSettings.at(host, 0, false)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(host)
        .hasMessageContaining("server.tokens.file")
        .hasMessageContaining("server.tls.client.ca.file")
        .hasMessageContaining("server.insecure");

    try (QueryServer server = start(TestSettings.at(host, 0, true))) {
      assertThat(server.url().getHost()).isNotIn("0.0.0.0", "[::]");
      assertThat(server.url().getPort()).isEqualTo(server.port());
    }
  }

  @Test
  void shouldNameAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(TestSettings.at("127.0.0.1", taken.getLocalPort(), false)))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("server.port");
    }
  }

  @Test
  void shouldNameAFileThatCannotBeRead() {
    assertThatThrownBy(
            () ->
                start(TestSettings.tls(Path.of("none.pem"), Path.of("key.pem"), Optional.empty())))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("server.tls.cert.file: none.pem");
    assertThatThrownBy(() -> start(TestSettings.withTokens(Path.of("no-tokens"))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("server.tokens.file: no-tokens");
  }

  @ParameterizedTest
  @EnumSource
  void shouldSpeakBothVersionsOfHttp(HttpClient.Version version) throws Exception {
    try (QueryServer server =
        start(
            TestSettings.open(TestSettings.LIMITS),
            builder -> builder.service("/here", (ctx, req) -> HttpResponse.of(ctx.path())))) {
      var answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(server.url() + "/here")).version(version).build(),
              BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.body()).isEqualTo("/here");
      assertThat(answer.headers().firstValue("server")).isEmpty();
    }
  }

  @Test
  void shouldRefuseMoreRequestsThanItMayServe() throws Exception {
    CompletableFuture<Integer> held = new CompletableFuture<>();
    AtomicInteger arrived = new AtomicInteger();
    try (QueryServer server =
        start(
            TestSettings.open(
                new ServerLimits(
                    200, 2, 8, 1, 4 << 10, Duration.ofMinutes(1), Duration.ofMinutes(1))),
            builder ->
                builder
                    .service(
                        "/held",
                        (ctx, req) -> {
                          arrived.incrementAndGet();
                          return HttpResponse.of(held.thenApply(HttpResponse::of));
                        })
                    .service("/health/live", (ctx, req) -> HttpResponse.of(200)))) {
      URI uri = URI.create(server.url() + "/held");
      var first = HTTP.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      var second = HTTP.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      await().until(() -> arrived.get() == 2);

      var refused = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
      assertThat(status(server, "/health/live")).isEqualTo(200);

      held.complete(204);
      assertThat(first.get().statusCode()).isEqualTo(204);
      assertThat(second.get().statusCode()).isEqualTo(204);
      await().until(() -> status(server, "/nothing") == 404);
    }
  }

  @Test
  void shouldLimitHeadersAndBodiesAndTime() throws Exception {
    CompletableFuture<HttpResponse> never = new CompletableFuture<>();
    try (QueryServer server =
        start(
            TestSettings.open(limits(200, 100)),
            builder ->
                builder
                    .service("/never", (ctx, req) -> HttpResponse.of(never))
                    .service(
                        "/body",
                        (ctx, req) ->
                            HttpResponse.of(
                                req.aggregate().thenApply(all -> HttpResponse.of(200)))))) {
      for (HttpClient.Version version : HttpClient.Version.values()) {
        var request =
            HttpRequest.newBuilder(URI.create(server.url() + "/never"))
                .version(version)
                .timeout(Duration.ofSeconds(20))
                .build();
        assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode())
            .as("%s", version)
            .isEqualTo(503);
      }
      assertThat(
              send(server, "GET /body HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(5000) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 431");
      assertThat(send(server, "GET /" + "y".repeat(9000) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
          .startsWith("HTTP/1.1 414");
      assertThat(send(server, "POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 2097153\r\n\r\n"))
          .startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void shouldCloseMoreConnectionsThanItMayHold() throws Exception {
    try (QueryServer server = start(TestSettings.open(limits(2, 100)))) {
      try (Socket first = connect(server);
          Socket second = connect(server);
          Socket third = connect(server)) {
        assertThat(ended(third)).isTrue();
        assertThat(first.isConnected() && second.isConnected()).isTrue();
      }
    }
  }

  @Test
  void shouldFinishWhatIsUnderWayWhenItStops() throws Exception {
    CompletableFuture<HttpResponse> held = new CompletableFuture<>();
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    QueryServer server =
        start(
            TestSettings.open(TestSettings.LIMITS),
            builder ->
                builder.service(
                    "/held",
                    (ctx, req) -> {
                      arrived.complete(null);
                      return HttpResponse.of(held);
                    }));
    var answer =
        HTTP.sendAsync(
            HttpRequest.newBuilder(URI.create(server.url() + "/held")).build(),
            BodyHandlers.ofString());
    arrived.join();

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
    held.complete(HttpResponse.of("done"));

    assertThat(answer.get().body()).isEqualTo("done");
    stopped.get();
    server.close();
    assertThatThrownBy(() -> status(server.url(), "/held")).isInstanceOf(IOException.class);
  }

  private static int status(QueryServer server, String path) throws Exception {
    return status(server.url(), path);
  }

  private static int status(URI server, String path) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(server + path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static Socket connect(QueryServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  private static String send(QueryServer server, String request) throws IOException {
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }
}
