package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.reading.CachedBlobs;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PushOutcome;
import io.castore.pipeline.records.UploadId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredUploadsTest {
  private static final UploadId ID = UploadId.parse("0193f4c8-0000-7000-8000-000000000001");
  private static final StoredBlobs stored = new StoredBlobs();
  private static final FakeIntake intake = new FakeIntake();
  private static CachedBlobs blobs;
  private static TestServer server;

  @BeforeAll
  static void start() {
    blobs = CachedBlobs.open(stored.store(), StoredBlobs.LIMITS);
    server =
        TestServer.with(
            new StoredUploads(blobs, intake, new ReadFailures(new SimpleMeterRegistry())));
  }

  @AfterAll
  static void stop() {
    server.close();
    blobs.close();
  }

  @BeforeEach
  void takeAll() {
    intake.taken.clear();
    intake.full = false;
    intake.mostBytes = Long.MAX_VALUE;
    intake.end =
        body ->
            new PushOutcome.Stored(
                new IngestOutcome.Complete(
                    ID, Blake3.hash(body.bytes.toByteArray()), body.bytes.size(), 3, 0, 0));
  }

  private static HttpResponse<byte[]> post(Digest digest) throws Exception {
    return server.send(
        server
            .request("POST", "/blobs/" + digest + "/uploads")
            .header("Castore-Source", "file:///a")
            .POST(BodyPublishers.noBody()),
        false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40})
  void shouldUploadWhatIsStored(int chunks) throws Exception {
    byte[][] content = new byte[chunks][];
    for (int i = 0; i < chunks; i++) {
      content[i] = StoredBlobs.bytes(100 * chunks + i, 10_000);
    }
    Digest blob = stored.putBlob(content);

    HttpResponse<byte[]> response = post(blob);

    assertThat(response.statusCode()).isEqualTo(201);
    JsonNode answer = new ObjectMapper().readTree(response.body());
    assertThat(answer.path("digest").asText()).isEqualTo(blob.toHex());
    assertThat(answer.path("upload_id").asText()).isEqualTo(ID.toString());
    assertThat(intake.last().source).isEqualTo("file:///a");
    assertThat(intake.last().expected).hasValue(blob);
    assertThat(intake.last().bytes.toByteArray()).isEqualTo(StoredBlobs.concat(content));
  }

  @Test
  void shouldUploadTheEmptyBlob() throws Exception {
    assertThat(post(Digest.EMPTY).statusCode()).isEqualTo(201);
    assertThat(intake.last().bytes.size()).isZero();
  }

  @Test
  void shouldSayWhatIsAbsent() throws Exception {
    assertThat(post(Blake3.hash(StoredBlobs.bytes(7, 7))).statusCode()).isEqualTo(404);
    assertThat(intake.taken).isEmpty();
  }

  @Test
  void shouldPublishNothingWhereAChunkIsMissing() throws Exception {
    byte[] missing = StoredBlobs.bytes(8, 1000);
    byte[] there = StoredBlobs.bytes(9, 1000);
    stored.putChunk(there);

    HttpResponse<byte[]> response = post(stored.putList(there, missing));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(intake.last().ended).isFalse();
    assertThat(intake.last().aborted).isCompleted();
  }

  @Test
  void shouldRefuseOneMoreThanMayBe() throws Exception {
    intake.full = true;

    assertThat(post(stored.putBlob(StoredBlobs.bytes(10, 10))).statusCode()).isEqualTo(503);
  }

  @Test
  void shouldTellWhyTheContentIsNotTaken() throws Exception {
    intake.mostBytes = 5;

    assertThat(post(stored.putBlob(StoredBlobs.bytes(11, 10))).statusCode()).isEqualTo(413);
  }

  @Test
  void shouldRefuseABadDigest() throws Exception {
    assertThat(
            server
                .send(
                    server.request("POST", "/blobs/xyz/uploads").POST(BodyPublishers.noBody()),
                    false)
                .statusCode())
        .isEqualTo(400);
  }
}
