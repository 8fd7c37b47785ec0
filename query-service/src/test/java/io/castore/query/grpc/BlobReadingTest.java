package io.castore.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.pipeline.config.ServerLimits;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.StatBlobResponse.ChunkMeta;
import io.castore.query.BlobServer;
import io.castore.query.TestSettings;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobReadingTest {
  private static final Random RANDOM = new Random(7);

  private static BlobServer server;
  private static GrpcClient client;

  @BeforeAll
  static void start() throws Exception {
    server = BlobServer.start(TestSettings.open(TestSettings.LIMITS));
    client = new GrpcClient(server.port(), ServiceName.SNIX);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotFindWhatIsNotThere(ServiceName name) {
    ByteString absent = GrpcClient.bytes(Blake3.hash(random(10)));
    try (GrpcClient caller = new GrpcClient(server.port(), name)) {
      assertFails(() -> caller.stat(absent, false), Status.Code.NOT_FOUND);
      assertFails(() -> caller.stat(absent, true), Status.Code.NOT_FOUND);
      assertFails(() -> caller.read(absent), Status.Code.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void shouldRefuseADigestOfAnotherLength(int length) {
    ByteString digest = ByteString.copyFrom(new byte[length]);

    for (ThrowingCallable call :
        new ThrowingCallable[] {() -> client.stat(digest, true), () -> client.read(digest)}) {
      assertThatThrownBy(call)
          .hasMessage("INVALID_ARGUMENT: invalid digest length")
          .isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void shouldListChunksWhereTheyAreAskedFor() {
    ChunkList blob = server.store().put(random(1_500_000));

    StatBlobResponse listed = client.stat(GrpcClient.bytes(blob.blob()), true);

    assertThat(listed.getChunksList())
        .extracting(chunk -> Digest.of(chunk.getDigest().toByteArray()), ChunkMeta::getSize)
        .isEqualTo(
            blob.stream()
                .map(chunk -> org.assertj.core.groups.Tuple.tuple(chunk.digest(), chunk.size()))
                .toList());
    assertThat(listed.getBao().isEmpty()).isTrue();
    assertThat(client.stat(GrpcClient.bytes(blob.blob()), false))
        .isEqualTo(StatBlobResponse.getDefaultInstance());
  }

  @Test
  void shouldTakeAChunksDigest() {
    byte[] content = random(1_500_000);
    ChunkList blob = server.store().put(content);
    ByteArrayOutputStream all = new ByteArrayOutputStream();

    for (ChunkRef chunk : blob.stream().toList()) {
      ByteString digest = GrpcClient.bytes(chunk.digest());
      assertThat(client.stat(digest, true).getChunksCount()).isZero();
      client.read(digest, all);
    }

    assertThat(all.toByteArray()).isEqualTo(content);
  }

  @Test
  void shouldSendMessagesOfABoundedSize() {
    byte[] content = random(3_000_000);
    ChunkList blob = server.store().put(content);

    ClientCalls.blockingServerStreamingCall(
            client.channel(),
            ServiceName.SNIX.read(),
            GrpcClient.options(),
            ReadBlobRequest.newBuilder().setDigest(GrpcClient.bytes(blob.blob())).build())
        .forEachRemaining(message -> assertThat(message.getData().size()).isBetween(1, 256 << 10));
  }

  @Test
  void shouldLeaveOutAListThatNoMessageHolds() {
    ChunkList fits = listOf(104_857);
    ChunkList tooLong = listOf(104_858);
    assertThat(BlobIndex.encodedLength(fits)).isLessThan(4 << 20);
    assertThat(BlobIndex.encodedLength(tooLong)).isGreaterThan(4 << 20);

    assertThat(client.stat(GrpcClient.bytes(fits.blob()), true).getChunksCount())
        .isEqualTo(104_857);
    assertThat(client.stat(GrpcClient.bytes(tooLong.blob()), true))
        .isEqualTo(StatBlobResponse.getDefaultInstance());
  }

  @Test
  void shouldTellOfACorruptChunkAfterWhatCameBeforeIt() {
    byte[] content = random(2_000_000);
    ChunkList blob = server.store().put(content);
    ChunkRef last = blob.get(blob.count() - 1);
    server.store().corrupt(last);
    ByteArrayOutputStream got = new ByteArrayOutputStream();

    assertFails(() -> client.read(GrpcClient.bytes(blob.blob()), got), Status.Code.DATA_LOSS);
    assertFails(() -> client.read(GrpcClient.bytes(last.digest())), Status.Code.DATA_LOSS);

    assertThat(content).startsWith(got.toByteArray());
    assertThat(got.size()).isLessThan(content.length);
  }

  @Test
  void shouldTellOfAMissingChunk() {
    ChunkList blob = server.store().put(random(2_000_000));
    server.store().objects().remove(BucketLayout.chunkKey(blob.get(1).digest()));

    assertFails(() -> client.read(GrpcClient.bytes(blob.blob())), Status.Code.DATA_LOSS);
  }

  @Test
  void shouldTellOfACorruptList() {
    Digest digest = Blake3.hash(random(20));
    server.store().objects().with(BucketLayout.blobKey(digest), random(200));

    assertFails(() -> client.stat(GrpcClient.bytes(digest), true), Status.Code.DATA_LOSS);
    assertFails(() -> client.read(GrpcClient.bytes(digest)), Status.Code.DATA_LOSS);
  }

  @Test
  void shouldSendNoMoreThanTheClientTakes() throws Exception {
    ChunkList blob = server.store().put(random(12_000_000));
    try (GrpcClient slow = new GrpcClient(server.port(), ServiceName.SNIX)) {
      SlowReader reader = new SlowReader(slow, blob.blob());
      await().until(() -> reader.messages.get() == 1);

      reader.call.request(Integer.MAX_VALUE);
      reader.ended.get(60, TimeUnit.SECONDS);

      assertThat(reader.bytes.get()).isEqualTo(12_000_000);
    }
  }

  @Test
  void shouldCutOffAClientThatTakesNothing() throws Exception {
    ServerLimits limits =
        new ServerLimits(
            200, 100, 8, 1 << 30, 16 << 10, Duration.ofSeconds(30), Duration.ofMillis(300));
    try (BlobServer impatient = BlobServer.start(TestSettings.open(limits));
        GrpcClient slow = new GrpcClient(impatient.port(), ServiceName.SNIX)) {
      ChunkList blob = impatient.store().put(random(12_000_000));
      SlowReader reader = new SlowReader(slow, blob.blob());

      await().until(() -> reader.messages.get() == 1);
      await().until(() -> callsUnderWay(impatient) == 0);
      // It learns of it when it has taken what was on its way.
      reader.call.request(Integer.MAX_VALUE);

      assertThat(reader.ended.get(60, TimeUnit.SECONDS).isOk()).isFalse();
      assertThat(reader.bytes.get()).isLessThan(12_000_000);
      long chunksRead =
          impatient.store().objects().opened().stream()
              .filter(key -> key.startsWith(BucketLayout.CHUNK_PREFIX))
              .count();
      assertThat(chunksRead).isLessThan(blob.count());
    }
  }

  private static double callsUnderWay(BlobServer server) throws Exception {
    String figures =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(server.at("/metrics")).build(), BodyHandlers.ofString())
            .body();
    return figures
        .lines()
        .filter(line -> line.startsWith("castore_server_active_requests{"))
        .filter(line -> line.contains("method=\"Read\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Takes a message, and more only as it is told. */
  private static final class SlowReader {
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final ClientCall<ReadBlobRequest, BlobChunk> call;

    private SlowReader(GrpcClient client, Digest digest) {
      call = client.channel().newCall(ServiceName.SNIX.read(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(BlobChunk message) {
              bytes.addAndGet(message.getData().size());
              messages.incrementAndGet();
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              ended.complete(status);
            }
          },
          new Metadata());
      call.sendMessage(ReadBlobRequest.newBuilder().setDigest(GrpcClient.bytes(digest)).build());
      call.halfClose();
      call.request(1);
    }
  }

  private static ChunkList listOf(int chunks) {
    ChunkList.Builder list = ChunkList.builder(Blake3.hash(random(16)));
    byte[] digest = random(Digest.LENGTH);
    for (int i = 0; i < chunks; i++) {
      ByteBuffer.wrap(digest).putInt(i);
      list.add(new ChunkRef(Digest.of(digest), 100_000));
    }
    return server.store().putList(list.build());
  }

  private static void assertFails(ThrowingCallable call, Status.Code code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Arrays.copyOf(bytes, length);
  }
}
