package io.castore.query.http;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.pipeline.config.ServerLimits;
import io.castore.query.ServicePart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A server with some parts, and clients that are not of its kind. */
final class TestServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Server server;
  private final HttpClient http1;
  private final HttpClient http2;

  private TestServer(Server server) {
    this.server = server;
    this.http1 = client(HttpClient.Version.HTTP_1_1);
    this.http2 = client(HttpClient.Version.HTTP_2);
  }

  static ServerLimits limits(long maxUploadBytes, Duration stallTimeout) {
    return new ServerLimits(
        100, 100, 4, maxUploadBytes, 8_192, Duration.ofSeconds(30), stallTimeout);
  }

  static ServerLimits limits() {
    return limits(1 << 20, Duration.ofSeconds(30));
  }

  static TestServer with(ServicePart... parts) {
    ServerBuilder builder = Server.builder().http(0).requestTimeout(Duration.ofSeconds(30));
    List.of(parts).forEach(part -> part.addTo(builder));
    ProblemErrors.install(builder);
    Server server = builder.build();
    server.start().join();
    return new TestServer(server);
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).connectTimeout(PATIENCE).build();
  }

  Server server() {
    return server;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.activeLocalPort() + path);
  }

  HttpRequest.Builder request(String method, String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(PATIENCE)
        .method(method, HttpRequest.BodyPublishers.noBody());
  }

  HttpClient client(boolean multiplex) {
    return multiplex ? http2 : http1;
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return send(request, false);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request, boolean multiplex) throws Exception {
    return client(multiplex).send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return send(request("GET", path));
  }

  /** Connects, and writes a text. */
  Socket connect(String text) throws IOException {
    Socket socket = new Socket();
    // Little fits into the connection, so that a client that does not read is soon seen.
    socket.setReceiveBufferSize(16 << 10);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.activeLocalPort()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  @Override
  public void close() {
    server.closeAsync().join();
  }
}
