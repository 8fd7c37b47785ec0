package io.castore.query.grpc;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.ServerLimits;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Castore's calls, whatever the service is named.
 *
 * <p>Safe for use by many threads.
 */
final class BlobCalls {
  private final CachedBlobs blobs;
  private final PutCalls puts;
  private final ServerLimits limits;
  private final CallFailures failures;

  BlobCalls(CachedBlobs blobs, PutCalls puts, ServerLimits limits, CallFailures failures) {
    this.blobs = blobs;
    this.puts = puts;
    this.limits = limits;
    this.failures = failures;
  }

  void stat(StatBlobRequest request, StreamObserver<StatBlobResponse> client) {
    ignoreCancelling(client);
    Optional<Digest> digest = digest(request.getDigest(), client);
    if (digest.isEmpty()) {
      return;
    }
    // A list may be long, which an event loop has no time for.
    Executor executor =
        request.getSendChunks()
            ? ServiceRequestContext.current().blockingTaskExecutor()
            : Runnable::run;
    CompletableFuture<Void> unused =
        inTime(blobs.stat(digest.get()), limits)
            .thenApplyAsync(stat -> StatAnswer.of(stat, request.getSendChunks()), executor)
            .thenAccept(answer -> finish(client, digest.get(), answer))
            .exceptionally(
                failure -> {
                  client.onError(failures.ofRead(failure).asRuntimeException());
                  return null;
                });
  }

  private static void finish(
      StreamObserver<StatBlobResponse> client, Digest digest, Optional<StatBlobResponse> answer) {
    if (answer.isEmpty()) {
      client.onError(CallFailures.absent(digest).asRuntimeException());
    } else {
      client.onNext(answer.get());
      client.onCompleted();
    }
  }

  void read(ReadBlobRequest request, StreamObserver<BlobChunk> client) {
    Optional<Digest> digest = digest(request.getDigest(), client);
    if (digest.isEmpty()) {
      return;
    }
    ReadCall call =
        new ReadCall(
            digest.get(),
            (ServerCallStreamObserver<BlobChunk>) client,
            ServiceRequestContext.current(),
            limits,
            failures);
    call.start(blobs);
  }

  StreamObserver<BlobChunk> put(StreamObserver<PutBlobResponse> client) {
    return puts.begin(
        (ServerCallStreamObserver<PutBlobResponse>) client, ServiceRequestContext.current());
  }

  /** Waits for a result that others may wait for, too, as long as a request may take. */
  static <T> CompletableFuture<T> inTime(CompletableFuture<T> result, ServerLimits limits) {
    return result.copy().orTimeout(limits.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Gives the digest, or tells the client what is wrong with it. */
  private static Optional<Digest> digest(ByteString bytes, StreamObserver<?> client) {
    if (bytes.size() == Digest.LENGTH) {
      return Optional.of(Digest.of(bytes.toByteArray()));
    }
    client.onError(
        Status.INVALID_ARGUMENT.withDescription("invalid digest length").asRuntimeException());
    return Optional.empty();
  }

  /** A client that is gone gets no answer, which is nothing to fail for. */
  private static void ignoreCancelling(StreamObserver<?> client) {
    ((ServerCallStreamObserver<?>) client).setOnCancelHandler(() -> {});
  }
}
