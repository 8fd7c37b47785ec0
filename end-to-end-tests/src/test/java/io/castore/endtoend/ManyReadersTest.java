package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of clients of one service, whose heap has 512 MiB. */
final class ManyReadersTest {
  private static final int CLIENTS = 500;
  private static final int ROUNDS = 3;
  private static final int CONTENT_BYTES = 48 << 20;
  private static final int RANGE_BYTES = 256 << 10;
  private static final int STALLED = 50;

  @TempDir private static Path directory;

  @Test
  void shouldServeAllOfThemWhileSomeStopReading() throws Exception {
    byte[] content = new byte[CONTENT_BYTES];
    new Random(5).nextBytes(content);
    Contents.write(directory.resolve("content"), content);
    Castore castore = Castore.in(directory);
    String digest = castore.run("ingest", "content").endedWith(0).text().substring(0, 64);

    try (CastoreProcess serve = castore.start("serve", "--roles", "query")) {
      URI blob = serve.awaitUrl().resolve("/blobs/" + digest);
      List<Socket> stalled = stall(blob);
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      for (int round = 0; round < ROUNDS; round++) {
        readRanges(client, blob, content, round);
      }
      for (Socket socket : stalled) {
        socket.close();
      }
      assertThat(get(client, blob.resolve("/metrics")).body()).contains("jvm_memory_used_bytes");
      serve.signal("TERM");
      assertThat(serve.awaitEnd().err()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
    }
  }

  /** Asks for the whole blob and never reads the answer. */
  private static List<Socket> stall(URI blob) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < STALLED; i++) {
      Socket socket = new Socket(blob.getHost(), blob.getPort());
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .formatted(blob.getPath())
                  .getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
    }
    return sockets;
  }

  private static void readRanges(HttpClient client, URI blob, byte[] content, int seed)
      throws Exception {
    Random random = new Random(seed);
    List<CompletableFuture<Void>> reads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int start = random.nextInt(content.length - RANGE_BYTES);
      HttpRequest request =
          HttpRequest.newBuilder(blob)
              .header("Range", "bytes=%d-%d".formatted(start, start + RANGE_BYTES - 1))
              .build();
      reads.add(
          client
              .sendAsync(request, BodyHandlers.ofByteArray())
              .thenAccept(
                  answer -> {
                    assertThat(answer.statusCode()).isEqualTo(206);
                    assertThat(
                            Arrays.equals(
                                answer.body(), 0, RANGE_BYTES, content, start, start + RANGE_BYTES))
                        .isTrue();
                  }));
    }
    for (CompletableFuture<Void> read : reads) {
      read.get(3, TimeUnit.MINUTES);
    }
  }

  private static HttpResponse<String> get(HttpClient client, URI url) throws Exception {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
  }
}
