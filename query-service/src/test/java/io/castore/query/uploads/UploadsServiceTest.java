package io.castore.query.uploads;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.pipeline.config.ServerLimits;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(UploadCluster.Extension.class)
@TestInstance(Lifecycle.PER_CLASS)
final class UploadsServiceTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** As long as a source's name can be. */
  private static final String LONG_NAME = "x".repeat(65_536);

  private final UploadCluster cluster;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Server> servers = new ArrayList<>();
  private UploadDirectory directory;
  private URI uri;

  UploadsServiceTest(UploadCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path stateDir) throws Exception {
    cluster.makeTopic();
    directory = cluster.ready(stateDir);
    uri = serve(new UploadsService(directory, limits(MINUTE, 100)));
  }

  @AfterAll
  void close() throws Exception {
    // Each takes some seconds.
    CompletableFuture.allOf(servers.stream().map(Server::stop).toArray(CompletableFuture<?>[]::new))
        .get(1, TimeUnit.MINUTES);
    directory.close();
    cluster.close();
  }

  @Test
  void shouldTellTheStatusOfOne() throws Exception {
    cluster.send(directory, Uploads.id(1), Uploads.complete());

    HttpResponse<String> answer = get(uri, "/uploads/" + Uploads.id(1));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .contains("application/json; charset=utf-8");
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(answer.body())
        .isEqualTo(UploadJson.of(Uploads.id(1), Uploads.complete()).toString());
  }

  @Test
  void shouldTellWhenAnUploadCameToItsStatus() throws Exception {
    UploadId id = Uploads.id(9);
    cluster.send(directory, id, Uploads.open());
    cluster.send(directory, id, Uploads.complete());

    JsonNode timeline = json(get(uri, "/uploads/" + id + "/timeline"));

    assertThat(timeline.path("state").textValue()).isEqualTo("COMPLETE");
    assertThat(timeline.path("whole").booleanValue()).isTrue();
    assertThat(timeline.path("events").findValuesAsText("event"))
        .containsExactly("opened", "first-chunk", "ended");
  }

  @ParameterizedTest
  @CsvSource({
    "/uploads/1-2-3-4-5, 400, not an upload id",
    "/uploads/018cc251-f400-7000-8000-000000000000, 404, no upload has the id 018cc251",
    "/uploads/018cc251-f400-7000-8000-000000000000?x=1, 400, unknown parameter: x (expected: none)",
    "/uploads?limit=0, 400, parameter limit",
    "/uploads/events?state=NONE, 400, parameter state",
    "/uploads/nothing/events, 400, not an upload id",
    "/uploads/018cc251-f400-7000-8000-000000000000/timeline, 404, no upload has the id 018cc251",
    "/uploads/018cc251-f400-7000-8000-000000000000/events, 404, no upload has the id 018cc251"
  })
  void shouldAnswerWithAProblem(String path, int status, String detail) throws Exception {
    HttpResponse<String> answer = get(uri, path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(json(answer).path("detail").textValue()).startsWith(detail);
  }

  @Test
  void shouldListTheNewestFirstInPages() throws Exception {
    for (int i = 0; i < 5; i++) {
      State state = i == 3 ? State.OPEN : State.COMPLETE;
      cluster.send(directory, Uploads.id(i), Uploads.status(state, "file:/list/" + i));
    }
    String asked = "/uploads?state=COMPLETE&source=file:/list&limit=3";

    JsonNode first = json(get(uri, asked));
    JsonNode second = json(get(uri, asked + "&cursor=" + first.path("next").textValue()));

    assertThat(ids(first)).containsExactly(Uploads.id(4), Uploads.id(2), Uploads.id(1));
    assertThat(ids(second)).containsExactly(Uploads.id(0));
    assertThat(second.has("next")).isFalse();
    assertThat(ids(json(get(uri, "/uploads?source=file:/list")))).hasSize(5);
    assertThat(
            ids(
                json(
                    get(
                        uri,
                        "/uploads?source=file:/list&since=%s&until=%s"
                            .formatted(
                                encode(Uploads.id(1).createdAt().toString()),
                                encode(Uploads.id(3).createdAt().toString()))))))
        .containsExactly(Uploads.id(2), Uploads.id(1));
  }

  @Test
  void shouldAskToComeAgainWhereUploadsAreNotAtHand(@TempDir Path other) throws Exception {
    UploadDirectory closed = UploadDirectory.start(cluster.config(other), UploadCluster.STORE_ID);
    closed.close();
    URI unready = serve(new UploadsService(closed, limits(MINUTE, 100)));

    for (String path :
        List.of(
            "/uploads",
            "/uploads/" + Uploads.id(1),
            "/uploads/events",
            "/uploads/" + Uploads.id(1) + "/events")) {
      HttpResponse<String> answer = get(unready, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).as(path).isPresent();
    }
  }

  @Test
  void shouldTellOfEveryChangeThatTheFilterLetsThrough() throws Exception {
    try (EventReader all = events(uri, "/uploads/events");
        EventReader ended = events(uri, "/uploads/events?state=COMPLETE&source=file:/a")) {
      assertThat(all.response().headers().firstValue("content-type")).contains("text/event-stream");

      cluster.send(Uploads.id(1), Uploads.open());
      EventReader.Event opened = all.next();
      cluster.send(Uploads.id(2), Uploads.status(State.COMPLETE, "file:/b"));
      assertThat(all.next().data()).contains("file:/b");
      cluster.send(Uploads.id(1), Uploads.complete());

      assertThat(opened)
          .isEqualTo(
              new EventReader.Event(
                  UploadStream.eventId(new Upload(Uploads.id(1), Uploads.open())),
                  "upload",
                  UploadJson.of(Uploads.id(1), Uploads.open()).toString()));
      String complete = UploadJson.of(Uploads.id(1), Uploads.complete()).toString();
      assertThat(all.next().data()).isEqualTo(complete);
      assertThat(ended.next().data()).isEqualTo(complete);
      assertThat(ended.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldTellOfOneUploadFromWhatItIsToItsEnd() throws Exception {
    cluster.send(directory, Uploads.id(1), Uploads.open());
    String path = "/uploads/" + Uploads.id(1) + "/events";
    try (EventReader events = events(uri, path)) {
      assertThat(events.next().data()).contains("OPEN");

      cluster.send(Uploads.id(2), Uploads.open());
      cluster.send(Uploads.id(1), Uploads.complete());

      EventReader.Event last = events.next();
      assertThat(last.data()).contains("COMPLETE");
      assertThat(events.ends()).isTrue();
      HttpResponse<String> again =
          client.send(
              HttpRequest.newBuilder(uri.resolve(path)).header("Last-Event-ID", last.id()).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(again.statusCode()).isEqualTo(204);
    }
    try (EventReader events = events(uri, path)) {
      assertThat(events.next().data()).contains("COMPLETE");
      assertThat(events.ends()).isTrue();
    }
  }

  @Test
  void shouldSendSomethingWhereNothingChanges() throws Exception {
    URI beating =
        serve(
            new UploadsService(
                directory, limits(MINUTE, 100), /* heartbeat= */ Duration.ofMillis(20)));
    try (EventReader events = events(beating, "/uploads/events")) {
      await().atMost(MINUTE).until(() -> events.comments() > 3);
    }
  }

  @Test
  void shouldEndStreamsWhenTheServerStops(@TempDir Path other) throws Exception {
    try (UploadDirectory itsOwn = cluster.ready(other)) {
      URI stopping = serve(new UploadsService(itsOwn, limits(MINUTE, 100)));
      Server server = servers.get(servers.size() - 1);
      try (EventReader events = events(stopping, "/uploads/events")) {
        server.stop().get(1, TimeUnit.MINUTES);

        assertThat(events.ends()).isTrue();
      }
    }
  }

  @Test
  void shouldLetSoManyFollowAtATimeAndAnotherWhenOneHasGone(@TempDir Path other) throws Exception {
    try (UploadDirectory itsOwn = cluster.ready(other)) {
      URI full = serve(new UploadsService(itsOwn, limits(MINUTE, 4)));
      try (EventReader first = events(full, "/uploads/events")) {
        assertThat(first.response().statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get(full, "/uploads/events");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(json(refused).path("detail").textValue())
            .isEqualTo("too many clients follow uploads");
      }
      await()
          .atMost(MINUTE)
          .until(
              () -> {
                try (EventReader second = events(full, "/uploads/events")) {
                  return second.response().statusCode() == 200;
                }
              });
    }
  }

  @Test
  void shouldTellASlowReaderThatChangesWereLeftOut() throws Exception {
    try (Socket slow = follow(uri)) {
      sendMuch();

      String all = new String(slow.getInputStream().readAllBytes(), UTF_8);

      assertThat(all).contains("event:upload\n").endsWith("0\r\n\r\n");
      String last = all.substring(all.lastIndexOf("event:"));
      assertThat(last).startsWith("event:overflow\ndata:{\"detail\":");
    }
  }

  @Test
  void shouldCutOffAClientThatTakesNothing() throws Exception {
    URI impatient = serve(new UploadsService(directory, limits(Duration.ofMillis(300), 100)));
    Server server = servers.get(servers.size() - 1);
    try (Socket stalled = follow(impatient)) {
      UploadStatus large = Uploads.status(State.OPEN, LONG_NAME);

      // One upload alone never overflows, so all that ends it is that nothing is taken.
      await()
          .atMost(MINUTE)
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                cluster.send(Uploads.id(100), large);
                return server.numConnections() == 0;
              });

      assertThat(readToCut(stalled)).doesNotContain("overflow").doesNotEndWith("0\r\n\r\n");
    }
  }

  /** Follows, and reads nothing. */
  private static Socket follow(URI uri) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.setSoTimeout((int) MINUTE.toMillis());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()));
    socket
        .getOutputStream()
        .write(
            "GET /uploads/events HTTP/1.1\r\nHost: castore\r\nConnection: close\r\n\r\n"
                .getBytes(US_ASCII));
    // The first byte says that it follows.
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  /** More than a connection's buffers, and what may wait beside them. */
  private void sendMuch() throws Exception {
    UploadStatus large = Uploads.status(State.OPEN, LONG_NAME);
    Future<?> sent = cluster.sending(Uploads.id(1000), large);
    for (int i = 0; i < 300; i++) {
      sent = cluster.sending(Uploads.id(1000 + i), large);
    }
    sent.get();
    await().atMost(MINUTE).until(() -> directory.find(Uploads.id(1299)).isPresent());
  }

  private static String readToCut(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[64 << 10];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        text.append(new String(buffer, 0, n, UTF_8));
      }
    } catch (SocketException reset) {
      // Cut off.
    }
    return text.toString();
  }

  private URI serve(UploadsService service) {
    ServerBuilder builder =
        Server.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .gracefulShutdownTimeout(Duration.ofMillis(100), Duration.ofMinutes(2));
    service.addTo(builder);
    Server server = builder.build();
    servers.add(server);
    server.start().join();
    return URI.create("http://127.0.0.1:" + server.activeLocalPort());
  }

  private static ServerLimits limits(Duration stallTimeout, int maxRequests) {
    return new ServerLimits(100, maxRequests, 1, 1, 8 << 10, Duration.ofSeconds(10), stallTimeout);
  }

  private EventReader events(URI uri, String path) throws Exception {
    return EventReader.open(client, uri.resolve(path));
  }

  private HttpResponse<String> get(URI uri, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  private static List<UploadId> ids(JsonNode page) {
    List<UploadId> ids = new ArrayList<>();
    page.path("uploads")
        .forEach(upload -> ids.add(UploadId.parse(upload.path("upload_id").textValue())));
    return ids;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
