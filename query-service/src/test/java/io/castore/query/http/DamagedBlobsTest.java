package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.reading.CachedBlobs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DamagedBlobsTest {
  private static final StoredBlobs stored = new StoredBlobs();
  private static final MeterRegistry meters = new SimpleMeterRegistry();
  private static final AtomicInteger seed = new AtomicInteger();
  private static CachedBlobs blobs;
  private static TestServer server;

  private final byte[] first = StoredBlobs.bytes(seed.incrementAndGet(), 300_000);
  private final byte[] second = StoredBlobs.bytes(seed.incrementAndGet(), 100_000);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final double corruptBefore = count("corrupt");
  private final double missingBefore = count("missing");

  @BeforeAll
  static void start() {
    blobs = CachedBlobs.open(stored.store(), StoredBlobs.LIMITS);
    server = TestServer.with(new BlobRoutes(blobs, TestServer.limits(), new ReadFailures(meters)));
  }

  @AfterAll
  static void stop() {
    server.close();
    blobs.close();
  }

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ReadFailures.class);
  }

  private static double count(String kind) {
    return meters.counter("castore.read.damaged", "kind", kind).count();
  }

  private void assertToldOnce(String key) {
    assertThat(log.list)
        .filteredOn(event -> event.getLevel() == Level.ERROR)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains(key));
  }

  private static String detail(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    return new ObjectMapper().readTree(response.body()).path("detail").asText();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldAnswerWithAProblemWhenTheFirstChunkIsCorrupt(boolean multiplex) throws Exception {
    Digest blob = stored.putBlob(first, second);
    stored.damageChunk(first);

    HttpResponse<byte[]> response = server.send(server.request("GET", "/blobs/" + blob), multiplex);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.headers().firstValue("etag")).isEmpty();
    assertThat(response.headers().firstValue("cache-control")).isEmpty();
    assertThat(detail(response))
        .isEqualTo(
            "the stored data of this blob is damaged: chunk " + Blake3.hash(first) + " is corrupt");
    assertThat(count("corrupt") - corruptBefore).isEqualTo(1);
    assertToldOnce(BucketLayout.chunkKey(Blake3.hash(first)));
  }

  @Test
  void shouldAnswerWithAProblemWhenTheFirstChunkIsMissing() throws Exception {
    stored.putChunk(second);
    Digest blob = stored.putList(first, second);

    HttpResponse<byte[]> response = server.get("/blobs/" + blob);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(detail(response)).contains("chunk " + Blake3.hash(first) + " is missing");
    assertThat(count("missing") - missingBefore).isEqualTo(1);
    assertToldOnce(BucketLayout.chunkKey(Blake3.hash(first)));
  }

  @Test
  void shouldGiveRangesOfSoundChunksWhenAnotherIsDamaged() throws Exception {
    Digest blob = stored.putBlob(first, second);
    stored.damageChunk(first);

    HttpResponse<byte[]> response =
        server.send(server.request("GET", "/blobs/" + blob).header("range", "bytes=300000-"));

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCutTheAnswerOffWhenALaterChunkIsCorrupt(boolean multiplex) {
    Digest blob = stored.putBlob(first, second);
    stored.damageChunk(second);

    assertThatThrownBy(() -> server.send(server.request("GET", "/blobs/" + blob), multiplex))
        .isInstanceOf(IOException.class);

    assertThat(count("corrupt") - corruptBefore).isEqualTo(1);
    assertToldOnce(BucketLayout.chunkKey(Blake3.hash(second)));
  }

  @Test
  void shouldGiveNoWrongByteBeforeItCutsTheConnection() throws Exception {
    Digest blob = stored.putList(first, second);
    stored.putChunk(first);

    byte[] answer;
    try (Socket socket = server.connect("GET /blobs/" + blob + " HTTP/1.1\r\nHost: x\r\n\r\n")) {
      answer = socket.getInputStream().readAllBytes();
    }

    String text = new String(answer, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("HTTP/1.1 200").contains("content-length: 400000");
    String body = text.substring(text.indexOf("\r\n\r\n") + 4);
    assertThat(body).isNotEmpty();
    assertThat(new String(first, StandardCharsets.ISO_8859_1)).startsWith(body);
    assertThat(count("missing") - missingBefore).isEqualTo(1);
  }

  @Test
  void shouldAnswerWithAProblemWhenTheListIsCorrupt() throws Exception {
    Digest garbage = Blake3.hash(new byte[] {1});
    stored.put(BucketLayout.blobKey(garbage), new byte[] {1, 2, 3});
    Digest shortDigest = Blake3.hash(new byte[] {2});
    stored.put(BucketLayout.blobKey(shortDigest), new byte[] {0x12, 4, 0x0a, 2, 9, 9});

    for (Digest digest : List.of(garbage, shortDigest)) {
      for (String path : List.of("/blobs/" + digest, "/blobs/" + digest + "/chunks")) {
        HttpResponse<byte[]> response = server.get(path);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(detail(response)).endsWith("its list of chunks is corrupt");
      }
      assertThat(server.send(server.request("HEAD", "/blobs/" + digest)).statusCode())
          .isEqualTo(500);
    }
  }

  @Test
  void shouldAnswerWithAProblemWhenAChunkUnpacksToMoreThanItMay() throws Exception {
    Digest bomb = Blake3.hash(new byte[] {3});
    stored.put(BucketLayout.chunkKey(bomb), Frames.bomb(1000));

    for (String path : List.of("/blobs/" + bomb, "/chunks/" + bomb)) {
      HttpResponse<byte[]> response = server.get(path);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(detail(response)).contains("chunk " + bomb + " is corrupt");
    }
  }

  @Test
  void shouldAnswerWithAProblemWhenAFrameLiesAboutItsSize() throws Exception {
    byte[] content = StoredBlobs.bytes(5, 1000);
    byte[] frame = Frames.stated(content);
    byte[] lie = frame.clone();
    // The field of the content's size: a byte less than it is.
    assertThat(lie[4] & 0xff).isNotZero();
    lie[5] = (byte) (lie[5] ^ 1);
    Digest digest = Blake3.hash(content);
    stored.put(BucketLayout.chunkKey(digest), lie);

    assertThat(server.get("/blobs/" + digest).statusCode()).isEqualTo(500);
  }

  @Test
  void shouldSayThatAMissingChunkIsAbsentWhenItIsAskedForItself() throws Exception {
    Digest single = stored.putList(first);

    assertThat(server.get("/blobs/" + single).statusCode()).isEqualTo(500);
    assertThat(server.get("/chunks/" + single).statusCode()).isEqualTo(404);
    assertThat(count("missing") - missingBefore).isEqualTo(1);
  }
}
