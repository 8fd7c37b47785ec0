package io.castore.blobs;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A service over real HTTP that has the routes of blobs, below a path as behind a proxy, and goes
 * wrong in the ways that it is told. Safe for use by many threads.
 */
final class TestService implements AutoCloseable {
  private static final String PREFIX = "/below/a/path";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  final MemoryObjectStore store = new MemoryObjectStore();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> sources = new CopyOnWriteArrayList<>();
  final AtomicInteger brokenUploads = new AtomicInteger();

  /** So many requests are answered with 503. */
  final AtomicInteger busy = new AtomicInteger();

  /** So many bodies end in the middle. */
  final AtomicInteger cuts = new AtomicInteger();

  volatile Optional<String> token = Optional.empty();
  volatile UnaryOperator<byte[]> proxy = UnaryOperator.identity();
  volatile UnaryOperator<String> listing = UnaryOperator.identity();
  volatile UnaryOperator<byte[]> uploadProxy = UnaryOperator.identity();

  /** Digests for which another blob is given. */
  final Map<Digest, Digest> pretended = new ConcurrentHashMap<>();

  private TestService(HttpServer server) {
    this.server = server;
  }

  static TestService start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TestService service = new TestService(server);
    server.setExecutor(service.threads);
    server.createContext(PREFIX, service::handle);
    server.start();
    return service;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PREFIX);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
    try (exchange) {
      if (token.isPresent()
          && !("Bearer " + token.get())
              .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        problem(exchange, 401, "no valid token");
      } else if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        problem(exchange, 503, "as many as may");
      } else if (exchange.getRequestMethod().equals("PUT")) {
        put(exchange, path);
      } else {
        read(exchange, path, range);
      }
    }
  }

  private void read(HttpExchange exchange, String path, String range) throws IOException {
    String[] parts = path.split("/", -1);
    Digest digest = Digest.parse(parts[2]);
    Optional<ChunkList> found = new BlobReader(store).find(pretended.getOrDefault(digest, digest));
    if (found.isEmpty()) {
      problem(exchange, 404, "no blob " + digest);
    } else if (parts.length == 4) {
      byte[] body = listing.apply(json(found.get())).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(found.get().size()));
      exchange.sendResponseHeaders(200, -1);
    } else {
      content(exchange, found.get(), range);
    }
  }

  private void content(HttpExchange exchange, ChunkList blob, String range) throws IOException {
    long first = 0;
    long last = blob.size() - 1;
    if (range != null) {
      Matcher wanted = RANGE.matcher(range);
      if (!wanted.matches()) {
        throw new IOException("range: " + range);
      }
      first = Long.parseLong(wanted.group(1));
      last = Long.parseLong(wanted.group(2));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(first, last, blob.size()));
    }
    byte[] body;
    try (InputStream in = new BlobReader(store).open(blob, first, last + 1 - first)) {
      body = proxy.apply(in.readAllBytes());
    }
    boolean cut = cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    exchange.sendResponseHeaders(range == null ? 200 : 206, body.length);
    exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
    exchange.getResponseBody().flush();
  }

  private void put(HttpExchange exchange, String path) throws IOException {
    byte[] body;
    try {
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      exchange.getRequestBody().transferTo(taken);
      body = uploadProxy.apply(taken.toByteArray());
    } catch (IOException broken) {
      brokenUploads.incrementAndGet();
      throw broken;
    }
    String source = exchange.getRequestHeaders().getFirst("Castore-Source");
    sources.add(source == null ? "" : source);
    Digest actual = Blake3.hash(body);
    if (path.length() > "/blobs/".length()
        && !actual.equals(Digest.parse(path.substring("/blobs/".length())))) {
      problem(exchange, 422, "digest of the body: " + actual);
      return;
    }
    Digest digest = SampleBlobs.store(store, body);
    int chunks = SampleBlobs.chunks(body).count();
    answer(
        exchange,
        201,
        "application/json",
        "{\"digest\":\"%s\",\"size\":%d,\"chunks\":%d,\"new_chunks\":%d,\"new_bytes\":%d,\"upload_id\":\"%s\"}"
            .formatted(digest, body.length, chunks, chunks, body.length, UUID.randomUUID()));
  }

  private static String json(ChunkList blob) {
    return IntStream.range(0, blob.count())
        .mapToObj(
            i -> {
              ChunkRef chunk = blob.get(i);
              return "{\"digest\":\"%s\",\"offset\":%d,\"size\":%d}"
                  .formatted(chunk.digest(), blob.offset(i), chunk.size());
            })
        .collect(
            Collectors.joining(
                ",",
                "{\"digest\":\"%s\",\"size\":%d,\"chunks\":[".formatted(blob.blob(), blob.size()),
                "]}"));
  }

  private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    answer(
        exchange,
        status,
        "application/problem+json",
        "{\"status\":%d,\"detail\":\"%s\"}".formatted(status, detail));
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
