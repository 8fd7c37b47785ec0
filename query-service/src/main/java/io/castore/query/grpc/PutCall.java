package io.castore.query.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.castore.ingest.PushOutcome;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.PutBlobResponse;
import io.castore.query.http.BlobIntake;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob on its way from a client. A message is asked for when the one before was taken, and the
 * first when the upload's turn has come, so that what waits holds nothing. The end of the client's
 * stream is the only word to publish it.
 *
 * <p>All of it happens on the call's event loop.
 */
final class PutCall implements StreamObserver<BlobChunk> {
  private static final Logger LOG = LoggerFactory.getLogger(PutCall.class);

  private final ServerCallStreamObserver<PutBlobResponse> client;
  private final BlobIntake.Body upload;
  private final Executor loop;

  private boolean writing;
  private boolean whole;

  PutCall(ServerCallStreamObserver<PutBlobResponse> client, BlobIntake.Body upload, Executor loop) {
    this.client = client;
    this.upload = upload;
    this.loop = loop;
  }

  /**
   * Begins. To be called before the client is told of anything.
   *
   * @param atEnd called once when the upload has ended
   */
  void start(Runnable atEnd) {
    client.disableAutoRequest();
    client.setOnCancelHandler(this::cancelled);
    CompletableFuture<Void> unused =
        upload
            .outcome()
            .handleAsync(
                (outcome, impossible) -> {
                  atEnd.run();
                  answer(outcome);
                  return null;
                },
                loop);
    write(ByteBuffer.allocate(0));
  }

  @Override
  public void onNext(BlobChunk message) {
    if (message.getData().isEmpty()) {
      loop.execute(() -> client.request(1));
    } else {
      write(message.getData().asReadOnlyByteBuffer());
    }
  }

  private void write(ByteBuffer piece) {
    writing = true;
    CompletableFuture<Void> unused =
        upload
            .write(piece)
            .handleAsync(
                (taken, failure) -> {
                  writing = false;
                  // Why it failed is in the outcome.
                  if (failure == null) {
                    proceed();
                  }
                  return null;
                },
                loop);
  }

  private void proceed() {
    if (whole) {
      upload.end();
    } else {
      client.request(1);
    }
  }

  @Override
  public void onCompleted() {
    whole = true;
    if (!writing) {
      upload.end();
    }
  }

  @Override
  public void onError(Throwable cancelled) {
    cancelled();
  }

  private void cancelled() {
    upload.abort("the client gave it up");
  }

  private void answer(@Nullable PushOutcome outcome) {
    if (outcome instanceof PushOutcome.Stored stored) {
      client.onNext(
          PutBlobResponse.newBuilder()
              .setDigest(UnsafeByteOperations.unsafeWrap(stored.blob().digest().toBytes()))
              .build());
      client.onCompleted();
    } else if (!client.isCancelled()) {
      client.onError(status(outcome).asRuntimeException());
    }
  }

  private static Status status(@Nullable PushOutcome outcome) {
    if (outcome instanceof PushOutcome.TooLong tooLong) {
      return Status.RESOURCE_EXHAUSTED.withDescription(
          "longer than %d bytes".formatted(tooLong.maxBytes()));
    }
    if (outcome instanceof PushOutcome.Aborted aborted) {
      return Status.ABORTED.withDescription(aborted.reason());
    }
    if (outcome instanceof PushOutcome.Unavailable unavailable) {
      LOG.warn("an upload was given up: {}", unavailable.reason());
      return Status.UNAVAILABLE.withDescription("uploads cannot be taken now");
    }
    LOG.error("an upload failed: {}", outcome);
    return Status.INTERNAL.withDescription("the upload failed");
  }
}
