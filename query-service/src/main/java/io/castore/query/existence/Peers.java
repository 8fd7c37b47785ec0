package io.castore.query.existence;

import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.grpc.GrpcClientBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.auth.AuthToken;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.ClientSettings;
import io.castore.proto.query.ChunkServiceGrpc.ChunkServiceStub;
import io.castore.proto.query.FindMissingRequest;
import io.castore.proto.query.FindMissingResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks other processes over {@code castore.query.v1.ChunkService}, one answer to each question, in
 * a bounded time.
 *
 * <p>Safe for use by many threads.
 */
final class Peers implements AutoCloseable {
  /** Says that a process asks, which has nobody ask it again. */
  static final String FORWARDED = "castore-forwarded";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** Beyond this, most are of processes that are gone. */
  private static final int MOST_STUBS = 256;

  private final String storeId;
  private final ClientSettings settings;
  private final ClientFactory connections;
  private final Map<URI, ChunkServiceStub> stubs = new ConcurrentHashMap<>();

  /**
   * Prepares to ask about one store.
   *
   * @param settings what is shown to the others, and how they are known
   */
  Peers(String storeId, ClientSettings settings) {
    this.storeId = storeId;
    this.settings = settings;
    ClientFactoryBuilder builder = ClientFactory.builder().connectTimeout(CONNECT_TIMEOUT);
    settings.caFile().ifPresent(ca -> builder.tlsCustomizer(tls -> tls.trustManager(ca.toFile())));
    if (settings.certFile().isPresent() && settings.keyFile().isPresent()) {
      builder.tls(
          TlsKeyPair.of(settings.keyFile().get().toFile(), settings.certFile().get().toFile()));
    }
    connections = builder.build();
  }

  /** How far the one that is asked goes. */
  enum Question {
    /** It answers from its own part of the state alone. */
    OF_ITS_PART(Duration.ofSeconds(2)),
    /** It asks the others of the first kind of question. */
    OF_THE_WHOLE(Duration.ofSeconds(4));

    private final Duration timeout;

    Question(Duration timeout) {
      this.timeout = timeout;
    }
  }

  /**
   * Asks one process.
   *
   * @param endpoint where it is reached
   * @return what it says to be missing; fails where it gives no answer, or one about another store
   */
  CompletableFuture<List<Digest>> findMissing(
      URI endpoint, List<Digest> digests, Question question) {
    FindMissingRequest.Builder request =
        FindMissingRequest.newBuilder()
            .setLocalOnly(question == Question.OF_ITS_PART)
            .setStoreId(storeId);
    digests.forEach(
        digest -> request.addDigests(UnsafeByteOperations.unsafeWrap(digest.toBytes())));
    Answer answer = new Answer();
    try {
      stub(endpoint)
          .withDeadlineAfter(question.timeout.toMillis(), TimeUnit.MILLISECONDS)
          .findMissing(request.build(), answer);
    } catch (IllegalArgumentException unusable) {
      return CompletableFuture.failedFuture(unusable);
    }
    return answer.future.thenCompose(this::missing);
  }

  private CompletableFuture<List<Digest>> missing(FindMissingResponse response) {
    if (!response.getStoreId().equals(storeId)) {
      return CompletableFuture.failedFuture(
          new IOException("it answers for store " + response.getStoreId()));
    }
    return CompletableFuture.completedFuture(
        response.getMissingList().stream().map(bytes -> Digest.of(bytes.toByteArray())).toList());
  }

  private ChunkServiceStub stub(URI endpoint) {
    if (stubs.size() > MOST_STUBS) {
      stubs.clear();
    }
    return stubs.computeIfAbsent(endpoint, this::connect);
  }

  private ChunkServiceStub connect(URI endpoint) {
    GrpcClientBuilder client =
        GrpcClients.builder("gproto+" + endpoint).factory(connections).setHeader(FORWARDED, "true");
    settings.token().ifPresent(token -> client.auth(AuthToken.ofOAuth2(token)));
    return client.build(ChunkServiceStub.class);
  }

  /** The one answer to a question. */
  private static final class Answer implements StreamObserver<FindMissingResponse> {
    private final CompletableFuture<FindMissingResponse> future = new CompletableFuture<>();

    @Override
    public void onNext(FindMissingResponse response) {
      future.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
      future.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      future.completeExceptionally(new IOException("it ended without an answer"));
    }
  }

  /** Ends what is on its way. */
  @Override
  public void close() {
    connections.close();
  }
}
