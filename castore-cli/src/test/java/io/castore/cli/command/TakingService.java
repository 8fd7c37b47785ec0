package io.castore.cli.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service over real HTTP that keeps blobs of one chunk. Safe for use by many threads. */
final class TakingService implements AutoCloseable {
  static final String UPLOAD = "0196f000-0000-7000-8000-000000000001";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  final List<String> puts = new CopyOnWriteArrayList<>();
  final List<String> posts = new CopyOnWriteArrayList<>();

  /** What uploads of blobs that are there are answered with. */
  volatile int postStatus = 201;

  /** So many uploads are answered with 503. */
  final AtomicInteger busy = new AtomicInteger();

  private TakingService(HttpServer server) {
    this.server = server;
  }

  static TakingService start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TakingService service = new TakingService(server);
    server.setExecutor(service.threads);
    server.createContext("/", service::handle);
    server.start();
    return service;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (exchange.getRequestMethod().equals("PUT")) {
        put(exchange, path);
        return;
      }
      byte[] blob = blobs.get(Digest.parse(path.substring(7, 71)));
      if (exchange.getRequestMethod().equals("POST") && blob != null) {
        posts.add(path + " " + exchange.getRequestHeaders().getFirst("Castore-Source"));
        answer(exchange, postStatus, stored(blob, 0));
      } else {
        answer(exchange, 404, "{}");
      }
    }
  }

  private void put(HttpExchange exchange, String path) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Digest digest = Blake3.hash(body);
    puts.add(path + " " + exchange.getRequestHeaders().getFirst("Castore-Source"));
    if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      answer(exchange, 503, "{}");
    } else if (path.length() > 7 && !Digest.parse(path.substring(7)).equals(digest)) {
      answer(exchange, 422, "{}");
    } else {
      blobs.put(digest, body);
      answer(exchange, 201, stored(body, 1));
    }
  }

  private static String stored(byte[] blob, int newChunks) {
    return "{\"digest\":\"%s\",\"size\":%d,\"chunks\":1,\"new_chunks\":%d,\"new_bytes\":%d,\"upload_id\":\"%s\"}"
        .formatted(Blake3.hash(blob), blob.length, newChunks, newChunks * blob.length, UPLOAD);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
