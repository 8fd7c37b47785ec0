package io.castore.query.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.castore.content.reading.BlobFlow;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of an answer, read as its client takes it: a slice of a piece is with the transport at a
 * time, which asks for the next when it has written the one before. A body that cannot be whole is
 * cut off.
 *
 * <p>Runs on the request's event loop alone.
 */
final class PulledBody implements Publisher<HttpData>, Subscription {
  /** A body that ends when its flow does. */
  static final long UNTIL_END = -1;

  /**
   * So much is with the transport at a time, in bytes: little enough that a slow client takes one
   * well within the stall timeout.
   */
  private static final int SLICE_BYTES = 64 << 10;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ServiceRequestContext ctx;
  private final BlobFlow flow;
  private final Consumer<Throwable> failures;
  private final long stallNanos;

  /** Bytes that were not given yet, or {@link #UNTIL_END}. */
  private long missing;

  private @Nullable HttpResponse response;
  private @Nullable Subscriber<? super HttpData> subscriber;
  private ByteBuffer piece;
  private @Nullable Future<?> nextCheck;
  private long demand;
  private long takenAt = System.nanoTime();
  private boolean giving;
  private boolean asking;
  private boolean ended;

  private PulledBody(
      ServiceRequestContext ctx,
      BlobFlow flow,
      ByteBuffer first,
      long length,
      Duration stallTimeout,
      Consumer<Throwable> failures) {
    this.ctx = ctx;
    this.flow = flow;
    this.piece = first.slice();
    this.missing = length;
    this.stallNanos = stallTimeout.toNanos();
    this.failures = failures;
  }

  /**
   * Makes an answer whose body is a flow. To be called on the event loop.
   *
   * @param flow closed when the answer has ended, however
   * @param first the flow's first piece
   * @param length of the body, in bytes, or {@link #UNTIL_END}
   * @param stallTimeout how long the client may take nothing
   * @param failures is told of a failure of the flow, after which the body is cut off
   */
  static HttpResponse answer(
      ServiceRequestContext ctx,
      ResponseHeaders headers,
      BlobFlow flow,
      ByteBuffer first,
      long length,
      Duration stallTimeout,
      Consumer<Throwable> failures) {
    // It bounds the time until an answer begins; from here on the client has to take something.
    ctx.clearRequestTimeout();
    PulledBody body = new PulledBody(ctx, flow, first, length, stallTimeout, failures);
    HttpResponse response = HttpResponse.of(headers, body);
    body.response = response;
    CompletableFuture<Void> unused =
        response
            .whenComplete()
            .handleAsync(
                (done, failure) -> {
                  body.end();
                  return null;
                },
                ctx.eventLoop());
    body.watch(stallTimeout.toNanos());
    return response;
  }

  @Override
  public void subscribe(Subscriber<? super HttpData> taker) {
    subscriber = taker;
    taker.onSubscribe(this);
  }

  @Override
  public void request(long more) {
    if (!ctx.eventLoop().inEventLoop()) {
      ctx.eventLoop().execute(() -> request(more));
      return;
    }
    takenAt = System.nanoTime();
    demand = Math.min(Long.MAX_VALUE - demand, more) + demand;
    give();
  }

  @Override
  public void cancel() {
    ctx.eventLoop().execute(this::end);
  }

  private void give() {
    // What is taken at once is asked for from within onNext.
    if (giving) {
      return;
    }
    giving = true;
    while (demand > 0 && !ended && !asking) {
      if (piece.hasRemaining()) {
        giveSlice();
      } else {
        ask();
      }
    }
    giving = false;
  }

  private void giveSlice() {
    int length = Math.min(SLICE_BYTES, piece.remaining());
    ByteBuffer slice = piece.slice(piece.position(), length);
    piece.position(piece.position() + length);
    if (missing >= 0) {
      missing -= length;
      if (missing < 0) {
        cutOff("more bytes than the answer's length says");
        return;
      }
    }
    demand--;
    takenAt = System.nanoTime();
    if (subscriber != null) {
      subscriber.onNext(HttpData.wrap(Unpooled.wrappedBuffer(slice)));
    }
  }

  private void ask() {
    if (missing == 0) {
      complete();
      return;
    }
    asking = true;
    // By way of the event loop even where the piece is there, so that others have their turn.
    CompletableFuture<Void> unused =
        flow.next()
            .handleAsync(
                (next, failure) -> {
                  asking = false;
                  if (ended) {
                    return null;
                  }
                  if (failure == null) {
                    take(next);
                  } else {
                    failures.accept(failure);
                    cutOff("the content cannot be read");
                  }
                  return null;
                },
                ctx.eventLoop());
  }

  private void take(Optional<ByteBuffer> next) {
    if (next.isPresent()) {
      piece = next.get().slice();
      give();
    } else if (missing < 0) {
      complete();
    } else {
      cutOff("fewer bytes than the answer's length says");
    }
  }

  private void complete() {
    Subscriber<? super HttpData> taker = subscriber;
    end();
    if (taker != null) {
      taker.onComplete();
    }
  }

  private void watch(long nanos) {
    nextCheck =
        ctx.eventLoop().withoutContext().schedule(this::checkStall, nanos, TimeUnit.NANOSECONDS);
  }

  private void checkStall() {
    if (ended) {
      return;
    }
    // Where something is wanted it is the store that is slow, which has bounds of its own.
    long idle = demand > 0 ? 0 : System.nanoTime() - takenAt;
    if (idle < stallNanos) {
      watch(stallNanos - idle);
    } else {
      Duration patience = Duration.ofNanos(stallNanos);
      cutOff("the client took nothing for " + patience);
      StalledConnection.of(ctx).close(patience);
    }
  }

  private void cutOff(String reason) {
    end();
    if (response != null) {
      response.abort(new CutOffException(reason));
    }
  }

  private void end() {
    ended = true;
    piece = NOTHING;
    if (nextCheck != null) {
      nextCheck.cancel(false);
    }
    flow.close();
  }
}
