package io.castore.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.digest.Digest;
import io.castore.pipeline.cluster.ChunkerEndpoints;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.tls.TlsFiles;
import io.castore.proto.query.FindMissingRequest;
import io.castore.proto.query.FindMissingResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;

/**
 * Asks chunkers in other processes which chunks are known, over {@code POST /chunks/missing}: one,
 * and another where it does not answer, a few seconds at most.
 *
 * <p>Safe for use by many threads.
 */
public final class ChunkersOverHttp implements KnownChunks, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Duration FIRST_READ = Duration.ofSeconds(2);
  private static final int MOST_ASKED = 2;
  private static final int OK = 200;
  private static final int MOST_ANSWER_BYTES = 64 * MOST_AT_ONCE;
  private static final byte[] NO_ANSWER = new byte[0];
  private static final String PROTOBUF = "application/protobuf";

  private final HttpClient http;
  private final Optional<String> token;
  private final String storeId;
  private final ChunkerEndpoints endpoints;

  private ChunkersOverHttp(
      HttpClient http, Optional<String> token, String storeId, ChunkerEndpoints endpoints) {
    this.http = http;
    this.token = token;
    this.storeId = storeId;
    this.endpoints = endpoints;
  }

  /**
   * Begins to look for chunkers in Kafka; waits two seconds at most for what is known of them. The
   * topics have to exist.
   *
   * @throws KafkaException if Kafka cannot be reached
   * @throws IOException if a file of {@code client.tls.*} cannot be used
   */
  public static ChunkersOverHttp watch(CastoreConfig config)
      throws IOException, InterruptedException {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    Optional<TlsFiles> tls = TlsFiles.of(config.client());
    if (tls.isPresent()) {
      http.sslContext(tls.get().context());
    }
    ChunkerEndpoints endpoints = ChunkerEndpoints.watch(config);
    try {
      String storeId = new StateOwners(config).owner().orElse("");
      boolean unused = endpoints.awaitRead(FIRST_READ);
      return new ChunkersOverHttp(http.build(), config.client().token(), storeId, endpoints);
    } catch (KafkaException | InterruptedException failed) {
      endpoints.close();
      throw failed;
    }
  }

  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    List<Digest> distinct = digests.stream().distinct().toList();
    List<URI> known = endpoints.now();
    return reach == Reach.THIS_PROCESS
        ? CompletableFuture.completedFuture(distinct)
        : ask(known.subList(0, Math.min(MOST_ASKED, known.size())), distinct);
  }

  private CompletableFuture<List<Digest>> ask(List<URI> left, List<Digest> digests) {
    if (left.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("no chunker is known that answers"));
    }
    return ask(left.get(0), digests)
        .exceptionallyCompose(
            failure ->
                left.size() == 1
                    ? CompletableFuture.failedFuture(failure)
                    : ask(left.subList(1, left.size()), digests));
  }

  private CompletableFuture<List<Digest>> ask(URI endpoint, List<Digest> digests) {
    FindMissingRequest.Builder question = FindMissingRequest.newBuilder().setStoreId(storeId);
    digests.forEach(
        digest -> question.addDigests(UnsafeByteOperations.unsafeWrap(digest.toBytes())));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve("/chunks/missing"))
            .timeout(TIMEOUT)
            .header("Content-Type", PROTOBUF)
            .POST(BodyPublishers.ofByteArray(question.build().toByteArray()));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return http.sendAsync(request.build(), ChunkersOverHttp::body)
        .thenCompose(response -> missing(endpoint, response));
  }

  /** Takes no more than an answer can have, from whoever it is that answers. */
  private static BodySubscriber<byte[]> body(ResponseInfo response) {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(Long.MAX_VALUE);
    return length <= MOST_ANSWER_BYTES
        ? BodySubscribers.ofByteArray()
        : BodySubscribers.replacing(NO_ANSWER);
  }

  private CompletableFuture<List<Digest>> missing(URI endpoint, HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      return failed(endpoint, "HTTP status " + response.statusCode());
    }
    if (response.body() == NO_ANSWER) {
      return failed(endpoint, "no answer to the question");
    }
    FindMissingResponse answer;
    try {
      answer = FindMissingResponse.parseFrom(response.body());
    } catch (InvalidProtocolBufferException malformed) {
      return failed(endpoint, "no answer to the question");
    }
    if (!storeId.isEmpty() && !answer.getStoreId().equals(storeId)) {
      return failed(endpoint, "an answer for another store");
    }
    return CompletableFuture.completedFuture(
        answer.getMissingList().stream().map(bytes -> Digest.of(bytes.toByteArray())).toList());
  }

  private static CompletableFuture<List<Digest>> failed(URI endpoint, String what) {
    return CompletableFuture.failedFuture(new IOException(endpoint + " gave " + what));
  }

  /** Takes some seconds at most. Questions that are on their way end by themselves. */
  @Override
  public void close() {
    endpoints.close();
  }
}
