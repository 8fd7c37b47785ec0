package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.BlobServiceGrpc;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others get of a service that runs in a process of its own, with all of its roles. */
final class ServedBlobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path directory;

  private static CastoreProcess serve;
  private static URI url;

  @BeforeAll
  static void serve() throws IOException {
    serve = Castore.in(directory).start("serve");
    url = serve.awaitUrl();
    await().atMost(Duration.ofMinutes(2)).until(() -> get("/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    serve.signal("TERM");
    CommandResult served = serve.awaitEnd().endedWith(128 + 15);
    serve.close();
    assertThat(served.err()).doesNotContain("ERROR").doesNotContain("Exception");
  }

  @Test
  void shouldReadAtOnceWhatWasPutOverHttp() throws Exception {
    byte[] content = Contents.random(1_500_000, 1);

    HttpResponse<byte[]> put = put("/blobs", content);

    assertThat(put.statusCode()).as(text(put)).isEqualTo(201);
    JsonNode answer = JSON.readTree(put.body());
    String digest = Blake3.hash(content).toHex();
    assertThat(answer.get("digest").textValue()).isEqualTo(digest);
    assertThat(answer.get("size").longValue()).isEqualTo(content.length);
    assertThat(get("/blobs/" + digest).body()).isEqualTo(content);
    JsonNode chunks = json("/blobs/" + digest + "/chunks");
    assertThat(chunks).isEqualTo(JSON.readTree(run("stat", digest, "--chunks", "--json").text()));
    JsonNode upload = json("/uploads/" + answer.get("upload_id").textValue());
    assertThat(upload.get("state").textValue()).isEqualTo("COMPLETE");
    assertThat(upload.get("digest").textValue()).isEqualTo(digest);
  }

  @Test
  void shouldPublishNothingOfABodyThatHasAnotherDigest() throws Exception {
    byte[] content = Contents.random(700_000, 2);

    HttpResponse<byte[]> put = put("/blobs/" + Blake3.hash(new byte[1]), content);

    assertThat(put.statusCode()).as(text(put)).isEqualTo(422);
    assertThat(put.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(get("/blobs/" + Blake3.hash(content)).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldAbortAnUploadWhoseClientGoesAway() throws Exception {
    byte[] content = Contents.random(700_000, 3);
    String source = "test:gone-away";
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              "PUT /blobs HTTP/1.1\r\nHost: localhost\r\nCastore-Source: %s\r\nContent-Length: %d\r\n\r\n"
                  .formatted(source, content.length + 1)
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(content);
      socket.getOutputStream().flush();
      awaitUpload(source, "OPEN");
    }

    awaitUpload(source, "ABORTED");
    assertThat(get("/blobs/" + Blake3.hash(content)).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldServeBothNamesOverGrpcWithReadYourWrites() throws Exception {
    var snix = GrpcClients.newClient("gproto+" + url, BlobServiceGrpc.BlobServiceStub.class);
    var snixReads =
        GrpcClients.newClient("gproto+" + url, BlobServiceGrpc.BlobServiceBlockingStub.class);
    var tvixReads =
        GrpcClients.newClient(
            "gproto+" + url,
            io.castore.proto.castore.tvix.BlobServiceGrpc.BlobServiceBlockingStub.class);
    for (byte[] content :
        List.of(new byte[0], new byte[] {0, 1}, Contents.blobB(), Contents.random(5 << 20, 4))) {
      CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
      StreamObserver<BlobChunk> put = snix.put(observer(answer));
      for (int at = 0; at < content.length; at += 1 << 20) {
        put.onNext(
            BlobChunk.newBuilder()
                .setData(ByteString.copyFrom(content, at, Math.min(1 << 20, content.length - at)))
                .build());
      }
      put.onCompleted();
      ByteString digest = answer.get(2, TimeUnit.MINUTES).getDigest();

      assertThat(Digest.of(digest.toByteArray())).isEqualTo(Blake3.hash(content));
      StatBlobRequest stat =
          StatBlobRequest.newBuilder().setDigest(digest).setSendChunks(true).build();
      StatBlobResponse list = snixReads.stat(stat);
      assertThat(tvixReads.stat(stat)).isEqualTo(list);
      ReadBlobRequest whole = ReadBlobRequest.newBuilder().setDigest(digest).build();
      assertThat(concatenate(snixReads.read(whole))).isEqualTo(content);
      assertThat(concatenate(tvixReads.read(whole))).isEqualTo(content);
      ByteArrayOutputStream byChunks = new ByteArrayOutputStream();
      for (StatBlobResponse.ChunkMeta chunk : list.getChunksList()) {
        assertThat(
                snixReads
                    .stat(StatBlobRequest.newBuilder().setDigest(chunk.getDigest()).build())
                    .getChunksCount())
            .isZero();
        byChunks.write(
            concatenate(
                snixReads.read(ReadBlobRequest.newBuilder().setDigest(chunk.getDigest()).build())));
      }
      if (list.getChunksCount() > 0) {
        assertThat(byChunks.toByteArray()).isEqualTo(content);
      }
    }
  }

  @Test
  void shouldTellWhichChunksAreMissing() throws Exception {
    byte[] content = Contents.random(300_000, 6);
    assertThat(put("/blobs", content).statusCode()).isEqualTo(201);
    String known =
        json("/blobs/" + Blake3.hash(content) + "/chunks").at("/chunks/0/digest").textValue();
    String unknown = Blake3.hash(new byte[] {9, 9, 9}).toHex();

    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(url.resolve("/chunks/missing"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"digests\":[\"%s\",\"%s\"]}".formatted(known, unknown))));

    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).get("missing"))
        .isEqualTo(JSON.createArrayNode().add(unknown));
  }

  @Test
  void shouldWorkForCommandsThatNameNothingButTheServer() throws Exception {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Castore remote = Castore.in(elsewhere);
    byte[] large = Contents.random(3_000_000, 7);
    byte[] small = "small\n".getBytes(StandardCharsets.UTF_8);
    Contents.write(elsewhere.resolve("files/large"), large);
    Contents.write(elsewhere.resolve("files/small"), small);
    Contents.write(elsewhere.resolve("files/empty"), new byte[0]);
    String server = url.toString();

    CommandResult ingest = remote.run("ingest", "files", "--server", server).endedWith(0);

    assertThat(ingest.lines())
        .containsExactlyInAnyOrder(
            Contents.line(large, "files/large"),
            Contents.line(small, "files/small"),
            Contents.line(new byte[0], "files/empty"));
    assertThat(remote.run("ingest", "files", "--server", server).endedWith(0).err())
        .contains("nothing new was stored");
    String digest = Blake3.hash(large).toHex();
    assertThat(remote.run("cat", digest, "--server", server).endedWith(0).out()).isEqualTo(large);
    assertThat(
            remote
                .run("cat", digest, "--offset", "1000000", "--length", "10", "--server", server)
                .endedWith(0)
                .out())
        .isEqualTo(Arrays.copyOfRange(large, 1_000_000, 1_000_010));
    assertThat(remote.run("stat", digest, "--chunks", "--server", server).endedWith(0).text())
        .isEqualTo(run("stat", digest, "--chunks").text());
    Path list = Files.write(elsewhere.resolve("list"), ingest.out());
    assertThat(remote.run("restore", list.toString(), "restored", "--server", server).endedWith(0))
        .isNotNull();
    assertThat(Files.readAllBytes(elsewhere.resolve("restored/files/large"))).isEqualTo(large);
    assertThat(remote.run("cat", Blake3.hash(new byte[3]).toHex(), "--server", server).exitCode())
        .isEqualTo(1);
    assertThat(elsewhere.resolve("castore-data")).doesNotExist();
  }

  private static CommandResult run(String... arguments) throws IOException {
    return Castore.in(directory).run(arguments).endedWith(0);
  }

  private static void awaitUpload(String source, String state) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                StreamSupport.stream(
                        json("/uploads?source=" + source).get("uploads").spliterator(), false)
                    .anyMatch(upload -> upload.get("state").textValue().equals(state)));
  }

  private static JsonNode json(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path);
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(url.resolve(path)));
  }

  private static HttpResponse<byte[]> put(String path, byte[] body) throws Exception {
    return send(HttpRequest.newBuilder(url.resolve(path)).PUT(BodyPublishers.ofByteArray(body)));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.timeout(Duration.ofMinutes(2)).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static byte[] concatenate(Iterable<BlobChunk> messages) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    messages.forEach(message -> content.writeBytes(message.getData().toByteArray()));
    return content.toByteArray();
  }

  private static byte[] concatenate(java.util.Iterator<BlobChunk> messages) {
    return concatenate(() -> messages);
  }

  private static StreamObserver<PutBlobResponse> observer(
      CompletableFuture<PutBlobResponse> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(PutBlobResponse put) {
        answer.complete(put);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }
}
