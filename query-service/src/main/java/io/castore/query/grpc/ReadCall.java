package io.castore.query.grpc;

import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.BlobFlow;
import io.castore.content.reading.CachedBlobs;
import io.castore.pipeline.config.ServerLimits;
import io.castore.proto.castore.BlobChunk;
import io.castore.query.http.StalledConnection;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob on its way to a client. A message is sent when the one before has left, and a piece is
 * asked for when the one before was sent, so that a slow client holds one of each. Who takes
 * nothing for too long is cut off.
 *
 * <p>All of it happens on the call's event loop, but for the reading.
 */
final class ReadCall {
  private static final Logger LOG = LoggerFactory.getLogger(ReadCall.class);

  /** Of a message: long enough to be worth its while, short enough for many clients at a time. */
  private static final int MESSAGE_BYTES = 256 << 10;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Digest digest;
  private final ServerCallStreamObserver<BlobChunk> client;
  private final ServiceRequestContext ctx;
  private final EventLoop loop;
  private final ServerLimits limits;
  private final CallFailures failures;

  private @Nullable BlobFlow flow;

  /** What is left of the piece that came last. */
  private ByteBuffer piece = NOTHING;

  private boolean sending;
  private boolean awaitsPiece;
  private boolean done;
  private @Nullable ScheduledFuture<?> cutOff;

  ReadCall(
      Digest digest,
      ServerCallStreamObserver<BlobChunk> client,
      ServiceRequestContext ctx,
      ServerLimits limits,
      CallFailures failures) {
    this.digest = digest;
    this.client = client;
    this.ctx = ctx;
    this.loop = ctx.eventLoop().withoutContext();
    this.limits = limits;
    this.failures = failures;
  }

  /** Begins. To be called before the client is told of anything. */
  void start(CachedBlobs blobs) {
    client.setOnCancelHandler(this::finish);
    client.setOnReadyHandler(this::proceed);
    CompletableFuture<Void> unused =
        BlobCalls.inTime(blobs.find(digest), limits)
            .thenAcceptAsync(found -> open(blobs, found), loop)
            .exceptionallyAsync(this::fail, loop);
  }

  private void open(CachedBlobs blobs, Optional<ChunkList> found) {
    if (done) {
      return;
    }
    if (found.isEmpty()) {
      fail(CallFailures.absent(digest));
    } else {
      flow = blobs.open(found.get(), 0, found.get().size());
      proceed();
    }
  }

  private void proceed() {
    if (sending) {
      // Told to be ready by the very message that the loop below is at.
      return;
    }
    stopWaiting();
    sending = true;
    while (!done && piece.hasRemaining() && client.isReady()) {
      int length = Math.min(MESSAGE_BYTES, piece.remaining());
      ByteBuffer part = piece.slice(piece.position(), length);
      piece.position(piece.position() + length);
      // Copied into the message's frame before the call returns, since this is the event loop.
      client.onNext(BlobChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(part)).build());
    }
    sending = false;
    if (done || flow == null || awaitsPiece) {
      return;
    }
    if (client.isReady()) {
      awaitsPiece = true;
      CompletableFuture<Void> unused =
          BlobCalls.inTime(flow.next(), limits)
              .thenAcceptAsync(this::take, loop)
              .exceptionallyAsync(this::fail, loop);
    } else {
      cutOff = loop.schedule(this::cutOff, limits.stallTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void take(Optional<ByteBuffer> next) {
    awaitsPiece = false;
    if (done) {
      return;
    }
    if (next.isEmpty()) {
      finish();
      client.onCompleted();
    } else {
      piece = next.get().duplicate();
      proceed();
    }
  }

  private @Nullable Void fail(Throwable failure) {
    if (!done) {
      fail(failures.ofRead(failure));
    }
    return null;
  }

  private void fail(Status status) {
    finish();
    client.onError(status.asRuntimeException());
  }

  private void cutOff() {
    LOG.info(
        "{}: a client took nothing for {} s and is cut off",
        digest,
        limits.stallTimeout().toSeconds());
    finish();
    // A status would have to wait behind what the client does not take.
    ctx.cancel();
    StalledConnection.of(ctx).close(limits.stallTimeout());
  }

  private void stopWaiting() {
    if (cutOff != null) {
      cutOff.cancel(false);
      cutOff = null;
    }
  }

  private void finish() {
    done = true;
    stopWaiting();
    piece = NOTHING;
    if (flow != null) {
      flow.close();
    }
  }
}
