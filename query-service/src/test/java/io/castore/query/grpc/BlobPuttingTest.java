package io.castore.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.PushOutcome;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.query.BlobServer;
import io.castore.query.ReceivedBodies;
import io.castore.query.TestSettings;
import io.castore.query.http.SourceName;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlobPuttingTest {
  private static final byte[] EMPTY = {};
  private static final byte[] BLOB_A = {0, 1};
  private static final byte[] BLOB_B = blobB();

  private BlobServer server;
  private GrpcClient client;

  private static byte[] blobB() {
    byte[] content = new byte[255 * 4096];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 255);
    }
    return content;
  }

  @BeforeEach
  void start() throws Exception {
    server = BlobServer.start(TestSettings.open(TestSettings.LIMITS));
    client = new GrpcClient(server.port(), ServiceName.SNIX);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveBackWhatWasPut(ServiceName name) throws Exception {
    try (GrpcClient caller = new GrpcClient(server.port(), name)) {
      for (byte[] content : new byte[][] {EMPTY, BLOB_A, BLOB_B}) {
        Digest digest = caller.put(content, 100_000);

        assertThat(digest).isEqualTo(Blake3.hash(content));
        StatBlobResponse stat = caller.stat(GrpcClient.bytes(digest), true);
        assertThat(stat.getChunksCount()).isEqualTo(content == BLOB_B ? 2 : 0);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (StatBlobResponse.ChunkMeta chunk : stat.getChunksList()) {
          assertThat(caller.stat(chunk.getDigest(), true).getChunksCount()).isZero();
          caller.read(chunk.getDigest(), chunks);
        }
        assertThat(caller.read(GrpcClient.bytes(digest))).isEqualTo(content);
        if (content == BLOB_B) {
          assertThat(chunks.toByteArray()).isEqualTo(content);
          assertThat(digest.toHex())
              .isEqualTo("a82c5154a7a0c262c6fdb929a317585646f8fbcf80326d0a7b8747edaf2d99d2");
        }
      }
    }
  }

  @Test
  void shouldHaveTheEmptyBlobWhereItWasNeverPut() {
    assertThat(client.stat(GrpcClient.bytes(Digest.EMPTY), true))
        .isEqualTo(StatBlobResponse.getDefaultInstance());
    assertThat(client.read(GrpcClient.bytes(Digest.EMPTY))).isEmpty();
  }

  @Test
  void shouldTakeEmptyMessages() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body = client.put(answer, GrpcClient.options());
    body.onNext(BlobChunk.getDefaultInstance());
    body.onNext(GrpcClient.chunk(BLOB_A));
    for (int i = 0; i < 1000; i++) {
      body.onNext(BlobChunk.getDefaultInstance());
    }
    body.onCompleted();

    assertThat(answer.get().getDigest()).isEqualTo(GrpcClient.bytes(Blake3.hash(BLOB_A)));
  }

  @Test
  void shouldPublishNothingOfACancelledStream() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    ClientCallStreamObserver<BlobChunk> body =
        (ClientCallStreamObserver<BlobChunk>) client.put(answer, GrpcClient.options());
    body.onNext(GrpcClient.chunk(BLOB_A));
    await().until(() -> received().size() == 1 && received().get(0).pieces() == 1);

    body.cancel("the client has other plans", null);

    assertThat(received().get(0).outcome().get(30, TimeUnit.SECONDS))
        .isInstanceOf(PushOutcome.Aborted.class);
    assertNothingStored(BLOB_A);
  }

  @Test
  void shouldPublishNothingWhereTheConnectionBreaks() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body = client.put(answer, GrpcClient.options());
    body.onNext(GrpcClient.chunk(BLOB_A));
    await().until(() -> received().size() == 1 && received().get(0).pieces() == 1);

    client.channel().shutdownNow();

    assertThat(received().get(0).outcome().get(30, TimeUnit.SECONDS))
        .isInstanceOf(PushOutcome.Aborted.class);
  }

  @Test
  void shouldPublishNothingAfterItsDeadline() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body =
        client.put(answer, CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS));
    body.onNext(GrpcClient.chunk(BLOB_A));

    assertThat(codeOf(answer)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    await().until(() -> received().size() == 1);
    assertThat(received().get(0).outcome().get(30, TimeUnit.SECONDS))
        .isInstanceOf(PushOutcome.Aborted.class);
    assertNothingStored(BLOB_A);
  }

  @Test
  void shouldAbortWhatIsUnderWayWhenItStops() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body = client.put(answer, GrpcClient.options());
    body.onNext(GrpcClient.chunk(BLOB_A));
    await().until(() -> received().size() == 1 && received().get(0).pieces() == 1);

    server.close();

    assertThat(received().get(0).outcome().join()).isInstanceOf(PushOutcome.Aborted.class);
    assertThat(codeOf(answer)).isIn(Status.Code.ABORTED, Status.Code.UNAVAILABLE);
  }

  @Test
  void shouldAskForNoMoreThanIsTaken() {
    server.bodies().hold();
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    ClientCallStreamObserver<BlobChunk> body =
        (ClientCallStreamObserver<BlobChunk>) client.put(answer, GrpcClient.options());
    byte[] piece = new byte[1 << 20];
    await().until(body::isReady);
    int sent = 0;
    for (; sent < 64 && body.isReady(); sent++) {
      body.onNext(GrpcClient.chunk(piece));
      await()
          .pollInSameThread()
          .until(() -> body.isReady() || received().stream().anyMatch(one -> one.pieces() == 1));
    }

    assertThat(sent).isLessThan(64);
    assertThat(received().get(0).pieces()).isEqualTo(1);
    body.cancel("enough", null);
  }

  @Test
  void shouldSayThatThereIsNoRoom() {
    server.bodies().fill();

    assertThatThrownBy(() -> client.put(BLOB_A, 2)).hasMessageStartingWith("RESOURCE_EXHAUSTED");
  }

  @Test
  void shouldRefuseAMessageThatIsTooLong() throws Exception {
    byte[] tooLong = new byte[5 << 20];

    assertThatThrownBy(() -> client.put(tooLong, tooLong.length))
        .hasMessageStartingWith("RESOURCE_EXHAUSTED");
    assertThat(received().get(0).outcome().get(30, TimeUnit.SECONDS))
        .isInstanceOf(PushOutcome.Aborted.class);
  }

  @Test
  void shouldRefuseAMessageThatIsTooLongOnceItIsUnpacked() throws Exception {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body =
        client.put(answer, GrpcClient.options().withCompression("gzip"));
    body.onNext(BlobChunk.newBuilder().setData(ByteString.copyFrom(new byte[64 << 20])).build());

    assertThat(codeOf(answer)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(received().get(0).pieces()).isZero();
  }

  static Stream<Arguments> outcomes() {
    return Stream.of(
        Arguments.of(new PushOutcome.TooLong(10), "RESOURCE_EXHAUSTED: longer than 10 bytes"),
        Arguments.of(
            new PushOutcome.Unavailable("/var/kafka"), "UNAVAILABLE: uploads cannot be taken now"),
        Arguments.of(new PushOutcome.Aborted("nothing came"), "ABORTED: nothing came"),
        Arguments.of(new PushOutcome.Failed("/etc/secret"), "INTERNAL: the upload failed"));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void shouldTellHowItsUploadEnded(PushOutcome outcome, String message) {
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body = client.put(answer, GrpcClient.options());
    body.onNext(GrpcClient.chunk(BLOB_A));
    await().until(() -> received().size() == 1);

    received().get(0).finish(outcome);

    assertThatThrownBy(answer::join).hasRootCauseMessage(message);
  }

  @Test
  void shouldNameTheSourceAsTheClientDoes() throws Exception {
    client.put(BLOB_A, 2);
    putNamed("file:///somewhere/else");

    assertThat(received().get(0).source()).startsWith("grpc-put:");
    assertThat(received().get(1).source()).isEqualTo("file:///somewhere/else");
    for (String bad : List.of("no uri", "relative", "x:" + "y".repeat(3000))) {
      assertThatThrownBy(() -> putNamed(bad)).hasMessageStartingWith("INVALID_ARGUMENT");
    }
    assertThat(received()).hasSize(2);
  }

  private void putNamed(String source) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(SourceName.HEADER, Metadata.ASCII_STRING_MARSHALLER), source);
    CompletableFuture<PutBlobResponse> answer = new CompletableFuture<>();
    StreamObserver<BlobChunk> body =
        ClientCalls.asyncClientStreamingCall(
            ClientInterceptors.intercept(
                    client.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata))
                .newCall(ServiceName.SNIX.put(), GrpcClient.options()),
            new StreamObserver<>() {
              @Override
              public void onNext(PutBlobResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    body.onCompleted();
    try {
      answer.join();
    } catch (java.util.concurrent.CompletionException failed) {
      throw (StatusRuntimeException) failed.getCause();
    }
  }

  private List<ReceivedBodies.Received> received() {
    return server.bodies().begun();
  }

  private void assertNothingStored(byte[] content) {
    assertThatThrownBy(() -> client.stat(GrpcClient.bytes(Blake3.hash(content)), false))
        .hasMessageStartingWith("NOT_FOUND");
  }

  private static Status.Code codeOf(CompletableFuture<?> answer) {
    Throwable failure = answer.handle((value, thrown) -> thrown).join();
    return Status.fromThrowable(failure).getCode();
  }
}
