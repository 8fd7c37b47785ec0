package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.reading.BlobFlow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PulledBodyTest {
  private static final int PIECE = 256 << 10;

  private static volatile Answer answer = ctx -> new CompletableFuture<>();
  private static TestServer server;

  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** What the server answers with. */
  @FunctionalInterface
  private interface Answer {
    CompletionStage<HttpResponse> to(ServiceRequestContext ctx);
  }

  @BeforeAll
  static void start() {
    server =
        TestServer.with(
            builder -> builder.service("/", (ctx, request) -> HttpResponse.of(answer.to(ctx))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A flow of so many pieces. */
  private static class Pieces implements BlobFlow {
    private final int count;
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();

    Pieces(int count) {
      this.count = count;
    }

    @Override
    public CompletableFuture<Optional<ByteBuffer>> next() {
      return CompletableFuture.completedFuture(
          asked.incrementAndGet() > count ? Optional.empty() : Optional.of(piece()));
    }

    static ByteBuffer piece() {
      return ByteBuffer.wrap(StoredBlobs.bytes(7, PIECE)).asReadOnlyBuffer();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private void serve(BlobFlow flow, long length, Duration stallTimeout) {
    ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK).contentLength(length).build();
    answer =
        ctx ->
            flow.next()
                .thenApplyAsync(
                    first ->
                        PulledBody.answer(
                            ctx,
                            headers,
                            flow,
                            first.orElseThrow(),
                            length,
                            stallTimeout,
                            failure::set),
                    ctx.eventLoop());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCloseTheFlowWhenAllWasGiven(boolean multiplex) throws Exception {
    Pieces pieces = new Pieces(5);
    serve(pieces, 5L * PIECE, Duration.ofSeconds(30));

    byte[] body = server.send(server.request("GET", "/"), multiplex).body();

    assertThat(body).hasSize(5 * PIECE);
    assertThat(ByteBuffer.wrap(body, 3 * PIECE, PIECE)).isEqualTo(Pieces.piece());
    await().untilAsserted(() -> assertThat(pieces.closed.get()).isPositive());
    assertThat(failure.get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldAskForNoMoreThanTheClientTakes(boolean multiplex) throws Exception {
    Pieces pieces = new Pieces(4_000);
    serve(pieces, 4_000L * PIECE, Duration.ofSeconds(2));

    if (multiplex) {
      java.net.http.HttpResponse<InputStream> response =
          server
              .client(true)
              .send(server.request("GET", "/").build(), BodyHandlers.ofInputStream());
      // It is cut off, in the end, with a body that nobody could take for whole.
      await()
          .atMost(TestServer.PATIENCE)
          .untilAsserted(() -> assertThat(pieces.closed.get()).isPositive());
      assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    } else {
      try (Socket socket = server.connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
        await()
            .atMost(TestServer.PATIENCE)
            .untilAsserted(() -> assertThat(pieces.closed.get()).isPositive());
        assertClosed(socket);
      }
    }
    // The connection's own buffers take some MiB.
    assertThat((long) pieces.asked.get() * PIECE).isLessThan(64 << 20);
  }

  private static void assertClosed(Socket socket) {
    try {
      long taken = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(taken).isLessThan(4_000L * PIECE);
    } catch (IOException reset) {
      assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCloseTheFlowWhenTheClientGoesAway(boolean multiplex) throws Exception {
    Pieces pieces = new Pieces(100_000);
    serve(pieces, 100_000L * PIECE, Duration.ofMinutes(10));

    if (multiplex) {
      java.net.http.HttpResponse<InputStream> response =
          server
              .client(true)
              .send(server.request("GET", "/").build(), BodyHandlers.ofInputStream());
      assertThat(response.body().readNBytes(1_000)).hasSize(1_000);
      response.body().close();
    } else {
      try (Socket socket = server.connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
        assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
      }
    }

    await()
        .atMost(TestServer.PATIENCE)
        .untilAsserted(() -> assertThat(pieces.closed.get()).isPositive());
    assertThat(failure.get()).isNull();
  }

  @Test
  void shouldCloseTheFlowWhenTheClientGoesAwayWhileAPieceIsAwaited() throws Exception {
    CompletableFuture<Optional<ByteBuffer>> never = new CompletableFuture<>();
    Pieces pieces =
        new Pieces(0) {
          @Override
          public CompletableFuture<Optional<ByteBuffer>> next() {
            return asked.incrementAndGet() == 1
                ? CompletableFuture.completedFuture(Optional.of(piece()))
                : never;
          }
        };
    serve(pieces, 2L * PIECE, Duration.ofMinutes(10));

    try (Socket socket = server.connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
      assertThat(socket.getInputStream().readNBytes(PIECE)).hasSize(PIECE);
      await().untilAsserted(() -> assertThat(pieces.asked.get()).isEqualTo(2));
    }

    await()
        .atMost(TestServer.PATIENCE)
        .untilAsserted(() -> assertThat(pieces.closed.get()).isPositive());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void shouldCutTheAnswerOffWhenTheFlowIsNotAsLongAsTheAnswer(int pieces) {
    serve(new Pieces(pieces), 2L * PIECE - 1, Duration.ofSeconds(30));

    assertThatThrownBy(() -> server.get("/")).isInstanceOf(IOException.class);
  }
}
