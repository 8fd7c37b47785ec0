package io.castore.query.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.query.http.BlobIntake;
import io.castore.query.http.SourceName;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The uploads that are under way.
 *
 * <p>Safe for use by many threads.
 */
final class PutCalls {
  private static final String GENERATED_SCHEME = "grpc-put";

  private final Optional<BlobIntake> uploads;
  private final Set<BlobIntake.Body> underWay = ConcurrentHashMap.newKeySet();

  /** Puts into a pipeline, or, without one, tells every client that nothing is taken. */
  PutCalls(Optional<BlobIntake> uploads) {
    this.uploads = uploads;
  }

  /** Begins an upload, or tells the client why not. */
  StreamObserver<BlobChunk> begin(
      ServerCallStreamObserver<PutBlobResponse> client, ServiceRequestContext ctx) {
    if (uploads.isEmpty()) {
      return refuse(
          client, Status.UNIMPLEMENTED.withDescription("this process does not take uploads"));
    }
    String source;
    try {
      source = SourceName.of(ctx.request().headers(), GENERATED_SCHEME);
    } catch (IllegalArgumentException notAUri) {
      return refuse(client, Status.INVALID_ARGUMENT.withDescription(notAUri.getMessage()));
    }
    Optional<BlobIntake.Body> upload = uploads.get().begin(source, Optional.empty());
    if (upload.isEmpty()) {
      return refuse(client, Status.RESOURCE_EXHAUSTED.withDescription("too many uploads at once"));
    }
    underWay.add(upload.get());
    PutCall call = new PutCall(client, upload.get(), ctx.eventLoop().withoutContext());
    call.start(() -> underWay.remove(upload.get()));
    return call;
  }

  private static StreamObserver<BlobChunk> refuse(
      ServerCallStreamObserver<PutBlobResponse> client, Status status) {
    client.setOnCancelHandler(() -> {});
    client.onError(status.asRuntimeException());
    return new StreamObserver<>() {
      @Override
      public void onNext(BlobChunk ignored) {}

      @Override
      public void onError(Throwable cancelled) {}

      @Override
      public void onCompleted() {}
    };
  }

  /** Gives up all uploads whose contents are not whole. */
  void abortAll() {
    underWay.forEach(upload -> upload.abort("the service stops"));
  }
}
