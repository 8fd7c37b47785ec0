package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.reading.CachedBlobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs over HTTP, each case over HTTP/1.1 and HTTP/2. */
class BlobRoutesTest {
  private static final StoredBlobs stored = new StoredBlobs();
  private static final byte[] FIRST = StoredBlobs.bytes(1, 300_000);
  private static final byte[] SECOND = StoredBlobs.bytes(2, 200_000);
  private static final byte[] THIRD = StoredBlobs.bytes(3, 1_000);
  private static final byte[] WHOLE = StoredBlobs.concat(FIRST, SECOND, THIRD);
  private static final int SIZE = WHOLE.length;
  private static final byte[] SMALL = StoredBlobs.bytes(4, 10);

  private static Digest blob;
  private static Digest small;
  private static CachedBlobs blobs;
  private static TestServer server;

  @BeforeAll
  static void start() {
    blob = stored.putBlob(FIRST, SECOND, THIRD);
    small = stored.putBlob(SMALL);
    blobs = CachedBlobs.open(stored.store(), StoredBlobs.LIMITS);
    server =
        TestServer.with(
            new BlobRoutes(
                blobs, TestServer.limits(), new ReadFailures(new SimpleMeterRegistry())));
  }

  @AfterAll
  static void stop() {
    server.close();
    blobs.close();
  }

  private static HttpResponse<byte[]> send(
      boolean multiplex, String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request = server.request(method, path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<byte[]> response = server.send(request, multiplex);
    assertThat(response.version().name()).isEqualTo(multiplex ? "HTTP_2" : "HTTP_1_1");
    return response;
  }

  private static String header(HttpResponse<?> response, String name) {
    List<String> values = response.headers().allValues(name);
    assertThat(values).as(name).hasSizeLessThan(2);
    return values.isEmpty() ? "none" : values.get(0);
  }

  private static void assertDescribes(HttpResponse<?> response, Digest digest) {
    assertThat(header(response, "etag")).isEqualTo('"' + digest.toHex() + '"');
    assertThat(header(response, "accept-ranges")).isEqualTo("bytes");
    assertThat(header(response, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
  }

  private static void assertProblem(HttpResponse<byte[]> response, int status) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).isNotEmpty();
    assertThat(problem.path("type").asText()).isEqualTo("about:blank");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveAllBytesWhenNoRangeIsAskedFor(boolean multiplex) throws Exception {
    HttpResponse<byte[]> response = send(multiplex, "GET", "/blobs/" + blob);

    assertThat(response.statusCode()).isEqualTo(200);
    assertDescribes(response, blob);
    assertThat(header(response, "content-length")).isEqualTo(Integer.toString(SIZE));
    assertThat(header(response, "content-type")).isEqualTo("application/octet-stream");
    assertThat(header(response, "content-range")).isEqualTo("none");
    assertThat(response.body()).isEqualTo(WHOLE);
  }

  @ParameterizedTest
  @CsvSource({
    "'bytes=0-0', 0, 1",
    "'bytes=0-299999', 0, 300000",
    "'bytes=299990-300009', 299990, 20",
    "'bytes=100-500500', 100, 500401",
    "'bytes=500000-', 500000, 1000",
    "'bytes=500999-', 500999, 1",
    "'bytes=-7', 500993, 7",
    "'bytes=-600000', 0, 501000",
    "'bytes=500990-999999999999', 500990, 10",
  })
  void shouldGiveAPartWhenARangeIsAskedFor(String range, int offset, int length) throws Exception {
    for (boolean multiplex : new boolean[] {false, true}) {
      HttpResponse<byte[]> response = send(multiplex, "GET", "/blobs/" + blob, "range", range);

      assertThat(response.statusCode()).isEqualTo(206);
      assertDescribes(response, blob);
      assertThat(header(response, "content-length")).isEqualTo(Integer.toString(length));
      assertThat(header(response, "content-range"))
          .isEqualTo("bytes %d-%d/%d".formatted(offset, offset + length - 1, SIZE));
      assertThat(response.body()).isEqualTo(Arrays.copyOfRange(WHOLE, offset, offset + length));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=501000-", "bytes=600000-600001", "bytes=-0"})
  void shouldTellTheSizeWhenARangeIsUnsatisfiable(String range) throws Exception {
    for (boolean multiplex : new boolean[] {false, true}) {
      HttpResponse<byte[]> response = send(multiplex, "GET", "/blobs/" + blob, "range", range);

      assertProblem(response, 416);
      assertThat(header(response, "content-range")).isEqualTo("bytes */" + SIZE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,4-5", "bytes=5-1", "bytes=x-1", "lines=1-2", "bytes"})
  void shouldGiveAllBytesWhenARangeCannotBeHeeded(String range) throws Exception {
    HttpResponse<byte[]> response = send(false, "GET", "/blobs/" + blob, "range", range);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(WHOLE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveNoBytesWhenTheClientHasThem(boolean multiplex) throws Exception {
    for (String method : new String[] {"GET", "HEAD"}) {
      HttpResponse<byte[]> response =
          send(
              multiplex,
              method,
              "/blobs/" + blob,
              "if-none-match",
              "\"x\", W/\"" + blob + "\"",
              "range",
              "bytes=0-1");

      assertThat(response.statusCode()).isEqualTo(304);
      assertDescribes(response, blob);
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void shouldFailWhenThePreconditionDoes() throws Exception {
    assertProblem(send(false, "GET", "/blobs/" + blob, "if-match", "W/\"" + blob + '"'), 412);
    assertThat(send(false, "GET", "/blobs/" + blob, "if-match", "*").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldHeedTheRangeWhenIfRangeNamesTheBlob() throws Exception {
    String tag = '"' + blob.toHex() + '"';

    assertThat(
            send(false, "GET", "/blobs/" + blob, "range", "bytes=1-2", "if-range", tag)
                .statusCode())
        .isEqualTo(206);
    assertThat(
            send(false, "GET", "/blobs/" + blob, "range", "bytes=1-2", "if-range", "W/" + tag)
                .statusCode())
        .isEqualTo(200);
    assertThat(
            send(false, "GET", "/blobs/" + blob, "range", "bytes=999999-", "if-range", "\"x\"")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldDescribeWithoutBytesWhenTheMethodIsHead(boolean multiplex) throws Exception {
    HttpResponse<byte[]> response = send(multiplex, "HEAD", "/blobs/" + blob, "range", "bytes=0-1");

    assertThat(response.statusCode()).isEqualTo(200);
    assertDescribes(response, blob);
    assertThat(header(response, "content-length")).isEqualTo(Integer.toString(SIZE));
    assertThat(header(response, "content-type")).isEqualTo("application/octet-stream");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void shouldReadNoChunkWhenTheMethodIsHeadOrTheClientHasIt() throws Exception {
    // A header that tells a size, and nothing behind it.
    Digest single = Blake3.hash(new byte[] {1});
    stored.put(BucketLayout.chunkKey(single), Frames.headerStating(4_000));
    stored.put(BucketLayout.blobKey(single), new byte[0]);
    Digest listed = stored.putList(StoredBlobs.bytes(8, 100), StoredBlobs.bytes(9, 100));

    HttpResponse<byte[]> head = send(false, "HEAD", "/blobs/" + single);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "content-length")).isEqualTo("4000");
    assertThat(send(false, "HEAD", "/chunks/" + single).statusCode()).isEqualTo(200);
    assertThat(send(false, "HEAD", "/blobs/" + listed).statusCode()).isEqualTo(200);
    for (Digest digest : List.of(single, listed)) {
      assertThat(send(false, "GET", "/blobs/" + digest, "if-none-match", "*").statusCode())
          .isEqualTo(304);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldServeTheEmptyBlobThoughItIsNotStored(boolean multiplex) throws Exception {
    HttpResponse<byte[]> get = send(multiplex, "GET", "/blobs/" + Digest.EMPTY);
    HttpResponse<byte[]> head = send(multiplex, "HEAD", "/blobs/" + Digest.EMPTY);

    assertThat(get.statusCode()).isEqualTo(200);
    assertDescribes(get, Digest.EMPTY);
    assertThat(header(get, "content-length")).isEqualTo("0");
    assertThat(get.body()).isEmpty();
    assertThat(header(head, "content-length")).isEqualTo("0");
    assertProblem(send(multiplex, "GET", "/blobs/" + Digest.EMPTY, "range", "bytes=0-"), 416);
    assertProblem(send(multiplex, "GET", "/chunks/" + Digest.EMPTY), 404);
    assertThat(
            new String(
                send(multiplex, "GET", "/blobs/" + Digest.EMPTY + "/chunks").body(),
                StandardCharsets.UTF_8))
        .isEqualTo("{\"digest\":\"" + Digest.EMPTY + "\",\"size\":0,\"chunks\":[]}");
  }

  @Test
  void shouldTakeEveryFormOfADigest() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(small.toBytes());
    String escaped = base64.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D");

    for (String form :
        List.of(
            small.toHex(),
            small.toHex().toUpperCase(Locale.ROOT),
            "b3:" + escaped,
            "b3%3A" + escaped,
            "blake3-" + escaped)) {
      HttpResponse<byte[]> response = send(false, "GET", "/blobs/" + form);
      assertThat(response.statusCode()).as(form).isEqualTo(200);
      assertThat(response.body()).isEqualTo(SMALL);
      assertDescribes(response, small);
    }
  }

  @Test
  void shouldTakeADigestInBase64WithASlashWhenItIsEscaped() throws Exception {
    byte[] content = new byte[] {0};
    String base64 = "";
    for (int i = 0; !(base64.contains("/") && base64.contains("+")); i++) {
      content = StoredBlobs.bytes(i, 20);
      base64 = Base64.getEncoder().encodeToString(Blake3.hash(content).toBytes());
    }
    stored.putBlob(content);

    String escaped = base64.replace("/", "%2F");
    assertThat(send(false, "GET", "/blobs/b3:" + escaped).body()).isEqualTo(content);
    assertThat(send(true, "GET", "/chunks/blake3-" + escaped).body()).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/blobs/xyz",
        "/blobs/b3:AAAA",
        "/blobs/b3:%%",
        "/chunks/0123",
        "/chunks/xyz",
        "/blobs/zz/chunks",
        "/blobs/af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f326",
        "/blobs/af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f326200",
      })
  void shouldRefuseWhatIsNoDigest(String path) throws Exception {
    String escaped = path.replace("%%", "%25%25");
    assertProblem(send(false, "GET", escaped), 400);
    assertProblem(send(true, "GET", escaped), 400);
    assertThat(send(false, "HEAD", escaped).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldSayThatWhatIsAbsentIsAbsent() throws Exception {
    Digest absent = Blake3.hash(StoredBlobs.bytes(99, 9));

    for (String path : List.of("/blobs/" + absent, "/blobs/" + absent + "/chunks")) {
      assertProblem(send(false, "GET", path), 404);
      assertProblem(send(true, "GET", path), 404);
    }
    assertProblem(send(false, "GET", "/chunks/" + absent), 404);
    assertProblem(send(false, "GET", "/blobs/" + absent, "if-none-match", "*"), 404);
    HttpResponse<byte[]> head = send(false, "HEAD", "/blobs/" + absent);
    assertThat(head.statusCode()).isEqualTo(404);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void shouldListTheChunks() throws Exception {
    HttpResponse<byte[]> response = send(true, "GET", "/blobs/" + blob + "/chunks");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "content-type")).isEqualTo("application/json");
    JsonNode list = new ObjectMapper().readTree(response.body());
    assertThat(list.path("digest").asText()).isEqualTo(blob.toHex());
    assertThat(list.path("size").asLong()).isEqualTo(SIZE);
    assertThat(list.path("chunks"))
        .extracting(chunk -> chunk.path("digest").asText())
        .containsExactly(
            Blake3.hash(FIRST).toHex(), Blake3.hash(SECOND).toHex(), Blake3.hash(THIRD).toHex());
    assertThat(list.path("chunks"))
        .extracting(chunk -> chunk.path("offset").asLong())
        .containsExactly(0L, 300_000L, 500_000L);
    assertThat(list.path("chunks"))
        .extracting(chunk -> chunk.path("size").asLong())
        .containsExactly(300_000L, 200_000L, 1_000L);
  }

  @Test
  void shouldListTheOnlyChunkOfABlob() throws Exception {
    JsonNode list =
        new ObjectMapper().readTree(send(false, "GET", "/blobs/" + small + "/chunks").body());

    assertThat(list.path("chunks")).hasSize(1);
    assertThat(list.path("chunks").get(0).path("digest").asText()).isEqualTo(small.toHex());
  }

  @Test
  void shouldListChunksWithoutEndWhenThereAreVeryMany() throws Exception {
    Digest many = Blake3.hash(new byte[] {7, 7});
    ChunkList.Builder list = ChunkList.builder(many);
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      list.add(new ChunkRef(small, 10 + i % 3));
    }
    ChunkList built = list.build();
    stored.putList(built);

    for (boolean multiplex : new boolean[] {false, true}) {
      JsonNode read =
          new ObjectMapper().readTree(send(multiplex, "GET", "/blobs/" + many + "/chunks").body());
      assertThat(read.path("chunks")).hasSize(count);
      JsonNode last = read.path("chunks").get(count - 1);
      assertThat(last.path("offset").asLong()).isEqualTo(built.offset(count - 1));
      assertThat(read.path("size").asLong()).isEqualTo(built.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveAChunk(boolean multiplex) throws Exception {
    Digest chunk = Blake3.hash(SECOND);

    HttpResponse<byte[]> whole = send(multiplex, "GET", "/chunks/" + chunk);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertDescribes(whole, chunk);
    assertThat(header(whole, "content-length")).isEqualTo("200000");
    assertThat(whole.body()).isEqualTo(SECOND);
    HttpResponse<byte[]> part =
        send(multiplex, "GET", "/chunks/" + chunk, "range", "bytes=199990-");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(SECOND, 199_990, 200_000));
    HttpResponse<byte[]> head = send(multiplex, "HEAD", "/chunks/" + chunk);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "content-length")).isEqualTo("200000");
    assertThat(send(multiplex, "GET", "/blobs/" + chunk).body()).isEqualTo(SECOND);
  }

  @Test
  void shouldNotTakeABlobOfManyChunksForAChunk() throws Exception {
    assertProblem(send(false, "GET", "/chunks/" + blob), 404);
    assertThat(send(false, "HEAD", "/chunks/" + blob).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldGiveAChunkWhenItsContentIsABlobOfManyChunksToo() throws Exception {
    byte[] one = StoredBlobs.bytes(21, 500);
    byte[] other = StoredBlobs.bytes(22, 400);
    byte[] whole = StoredBlobs.concat(one, other);
    stored.putBlob(one, other);
    Digest both = stored.putChunk(whole);

    assertThat(send(false, "GET", "/chunks/" + both).body()).isEqualTo(whole);
    assertThat(header(send(false, "HEAD", "/chunks/" + both), "content-length")).isEqualTo("900");
  }

  @Test
  void shouldReadFramesThatDoNotStateTheirSize() throws Exception {
    byte[] content = StoredBlobs.bytes(31, 70_000);
    Digest digest = Blake3.hash(content);
    stored.put(BucketLayout.chunkKey(digest), Frames.unstated(content, 1));

    HttpResponse<byte[]> head = send(false, "HEAD", "/blobs/" + digest);
    assertThat(header(head, "content-length")).isEqualTo("70000");
    assertThat(send(false, "GET", "/blobs/" + digest).body()).isEqualTo(content);
  }
}
