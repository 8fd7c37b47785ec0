package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of traces is sent. */
final class TracesTest {
  @TempDir private Path directory;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer collector;
  private String url;

  @BeforeEach
  void startCollector() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/v1/traces", this::take);
    collector.start();
    url = "http://127.0.0.1:" + collector.getAddress().getPort();
  }

  @AfterEach
  void stopCollector() {
    collector.stop(0);
  }

  private void take(HttpExchange request) throws IOException {
    try (request) {
      boolean zipped = "gzip".equals(request.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] body =
          zipped
              ? new GZIPInputStream(request.getRequestBody()).readAllBytes()
              : request.getRequestBody().readAllBytes();
      // Of a protobuf message the texts are all that is looked at.
      received.add(new String(body, StandardCharsets.ISO_8859_1));
      request.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      request.sendResponseHeaders(200, -1);
    }
  }

  @Test
  void shouldFollowAnUploadFromItsSourceToItsBlob() throws Exception {
    byte[] content = Contents.random(800_000, 1);
    Contents.write(directory.resolve("file.bin"), content);

    Castore.in(directory)
        .with("CASTORE_TELEMETRY_OTLP_ENDPOINT", url)
        .run("ingest", "file.bin")
        .endedWith(0);

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(String.join("", received))
                    .contains("ingest", "store chunk", "publish blob", "service.name", "COMPLETE"));
  }

  @Test
  void shouldGoOnWithoutACollector() throws Exception {
    stopCollector();
    Contents.write(directory.resolve("file.bin"), Contents.random(800_000, 2));

    Castore.in(directory)
        .with("CASTORE_TELEMETRY_OTLP_ENDPOINT", url)
        .run("ingest", "file.bin")
        .endedWith(0);

    assertThat(received).isEmpty();
  }
}
