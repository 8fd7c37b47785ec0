package io.castore.blobs;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The content of a request that is written while it is sent. Holds half a megabyte at most. It is
 * sent once: a client that tried again by itself would send an end without what was before it.
 *
 * <p>Written by one thread at a time; aborted by any.
 */
final class BodyPipe implements HttpRequest.BodyPublisher {
  /** Length of the pieces that are best put in, in bytes. */
  static final int PIECE = 64 << 10;

  private static final int MOST_PIECES = 8;

  private final SubmissionPublisher<ByteBuffer> pieces;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final CompletableFuture<Boolean> subscribed = new CompletableFuture<>();

  BodyPipe(Executor executor) {
    pieces = new SubmissionPublisher<>(executor, MOST_PIECES);
  }

  @Override
  public long contentLength() {
    return -1;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> sender) {
    if (!taken.compareAndSet(false, true)) {
      SubmissionPublisher<ByteBuffer> none = new SubmissionPublisher<>(Runnable::run, 1);
      none.subscribe(sender);
      none.closeExceptionally(new IOException("the content can be sent once only"));
      return;
    }
    pieces.subscribe(sender);
    subscribed.complete(true);
  }

  /** Completed when the content is about to be sent; nothing can be put in before. */
  CompletableFuture<Boolean> subscribed() {
    return subscribed.copy();
  }

  /**
   * Puts a piece in, after waiting for room.
   *
   * @return false where there was no room in the time
   */
  boolean offer(ByteBuffer piece, long millis) {
    return pieces.offer(piece, millis, TimeUnit.MILLISECONDS, (sender, dropped) -> false) >= 0;
  }

  /** Says that this was all. */
  void end() {
    pieces.close();
  }

  /** Ends the request without an end of its content. */
  void abort() {
    pieces.closeExceptionally(new IOException("the upload was given up"));
  }
}
