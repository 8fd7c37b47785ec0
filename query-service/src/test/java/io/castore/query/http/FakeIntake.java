package io.castore.query.http;

import io.castore.content.digest.Digest;
import io.castore.ingest.PushOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;

/** Takes bodies into memory, and ends them as a test wants. */
final class FakeIntake implements BlobIntake {
  final List<Taken> taken = new CopyOnWriteArrayList<>();

  /** How a body that is whole ends. */
  volatile Function<Taken, PushOutcome> end = body -> new PushOutcome.Failed("not set");

  volatile boolean full;

  volatile long mostBytes = Long.MAX_VALUE;

  /** Takes no piece where set: its client has to wait. */
  volatile boolean slow;

  @Override
  public Optional<Body> begin(String source, Optional<Digest> expected) {
    if (full) {
      return Optional.empty();
    }
    Taken body = new Taken(source, expected);
    taken.add(body);
    return Optional.of(body);
  }

  Taken last() {
    return taken.get(taken.size() - 1);
  }

  /** A body that was taken. */
  final class Taken implements Body {
    final String source;
    final Optional<Digest> expected;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
    final CompletableFuture<String> aborted = new CompletableFuture<>();
    volatile int pieces;
    volatile boolean ended;
    volatile boolean broken;
    private ByteBuffer last = ByteBuffer.allocate(0);
    private CompletableFuture<Void> under = CompletableFuture.completedFuture(null);

    private Taken(String source, Optional<Digest> expected) {
      this.source = source;
      this.expected = expected;
    }

    @Override
    public synchronized CompletableFuture<Void> write(ByteBuffer piece) {
      if (!under.isDone()) {
        throw new IllegalStateException("the piece before was not taken yet");
      }
      pieces++;
      last = piece;
      under = new CompletableFuture<>();
      CompletableFuture<Void> room = under;
      if (bytes.size() + piece.remaining() > mostBytes) {
        end(new PushOutcome.TooLong(mostBytes));
      }
      if (broken) {
        room.completeExceptionally(new IOException("it has ended otherwise"));
      } else if (!slow) {
        ForkJoinPool.commonPool().execute(() -> take(piece, room));
      }
      return room;
    }

    /** Takes the piece that had to wait. */
    void takeLast() {
      take(last, under);
    }

    private synchronized void take(ByteBuffer piece, CompletableFuture<Void> room) {
      byte[] copy = new byte[piece.remaining()];
      piece.get(copy);
      bytes.writeBytes(copy);
      room.complete(null);
    }

    @Override
    public void end() {
      ended = true;
      outcome.complete(end.apply(this));
    }

    @Override
    public void abort(String reason) {
      if (!ended) {
        aborted.complete(reason);
        outcome.complete(new PushOutcome.Aborted(reason));
      }
    }

    void end(PushOutcome how) {
      broken = true;
      outcome.complete(how);
    }

    @Override
    public CompletableFuture<PushOutcome> outcome() {
      return outcome;
    }
  }
}
