package io.castore.content.reading;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a blob, some chunks ahead of its reader. Every chunk that it holds or has asked
 * for is leased memory: the one that the reader wants waits its turn, those ahead take only what
 * nobody wants, and are given up when somebody does.
 *
 * <p>It moves when its reader asks for a piece, and when what that piece waits for has come. All of
 * its state is guarded by its lock; nobody is called while it is held who could call back.
 */
final class ChunkFlow implements BlobFlow, ReadMemory.Spare {
  private final ReadEngine engine;
  private final ChunkList blob;
  private final int lastChunk;
  private final long end;

  /** The next byte to give, from the blob's start. */
  private long position;

  /** The next chunk to ask for. */
  private int nextChunk;

  /** Chunks that were asked for and not given yet, in order. */
  private final Deque<Wanted> wanted = new ArrayDeque<>();

  private @Nullable CompletableFuture<Void> listHold;

  /** Waits for memory for the chunk that the reader wants. */
  private ReadMemory.@Nullable Lease turn;

  /** Memory of the piece that the reader has. */
  private ReadMemory.@Nullable Lease given;

  private @Nullable CompletableFuture<Optional<ByteBuffer>> awaited;
  private @Nullable CompletableFuture<?> watched;
  private @Nullable Future<?> timeout;
  private @Nullable Throwable failure;
  private boolean ended;

  ChunkFlow(ReadEngine engine, ChunkList blob, long offset, long length) {
    this.engine = engine;
    this.blob = blob;
    this.position = offset;
    this.end = offset + length;
    this.nextChunk = length == 0 ? 0 : blob.indexAt(offset);
    this.lastChunk = length == 0 ? -1 : blob.indexAt(end - 1);
  }

  /**
   * A chunk that was asked for.
   *
   * @param index its place in the blob
   * @param lease its memory
   * @param atHand its bytes where they were in the cache
   * @param ask brings them where they were not
   */
  private record Wanted(
      int index,
      ChunkRef chunk,
      ReadMemory.Lease lease,
      Optional<byte[]> atHand,
      SharedLoads<ChunkRef, byte[]>.@Nullable Ask ask) {
    void giveUp() {
      if (ask != null) {
        ask.leave();
      }
      lease.close();
    }
  }

  @Override
  public CompletableFuture<Optional<ByteBuffer>> next() {
    CompletableFuture<Optional<ByteBuffer>> piece = new CompletableFuture<>();
    synchronized (this) {
      if (awaited != null) {
        throw new IllegalStateException(
            "blob %s: a piece is awaited (expected: one call at a time)".formatted(blob.blob()));
      }
      takeBackGiven();
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      awaited = piece;
    }
    advance();
    synchronized (this) {
      if (awaited == piece) {
        timeout = engine.patience().whenOver(() -> expire(piece));
      }
    }
    return piece;
  }

  /** Gives the awaited piece as soon as nothing is in its way. */
  private void advance() {
    CompletableFuture<?> obstacle;
    CompletableFuture<Optional<ByteBuffer>> reader;
    Optional<ByteBuffer> piece = Optional.empty();
    Throwable failed = null;
    synchronized (this) {
      reader = awaited;
      if (reader == null) {
        return;
      }
      obstacle = obstacle();
      if (obstacle == null) {
        awaited = null;
        stopTimeout();
        try {
          piece = take();
        } catch (IOException | RuntimeException e) {
          fail(e);
          failed = e;
        }
      } else if (obstacle == watched) {
        return;
      }
      watched = obstacle;
    }
    if (obstacle != null) {
      var unused = obstacle.whenComplete((done, failure) -> advance());
    } else if (failed != null) {
      reader.completeExceptionally(failed);
    } else {
      reader.complete(piece);
    }
  }

  /** Does what can be done for the next piece, and gives what it waits for, or null. */
  private @Nullable CompletableFuture<?> obstacle() {
    if (position == end) {
      return null;
    }
    if (listHold == null) {
      listHold = engine.lists().hold(blob);
    }
    if (!listHold.isDone()) {
      return listHold;
    }
    if (wanted.isEmpty()) {
      if (turn == null) {
        turn = engine.memory().take(blob.get(nextChunk).size());
      }
      if (!turn.granted().isDone()) {
        return turn.granted();
      }
      ReadMemory.Lease lease = turn;
      turn = null;
      ask(lease);
    }
    readAhead(engine.readAheadChunks() + 1);
    Wanted first = wanted.element();
    return first.ask == null || first.ask.answer().isDone() ? null : first.ask.answer();
  }

  private void ask(ReadMemory.Lease lease) {
    ChunkRef chunk = blob.get(nextChunk);
    Optional<byte[]> atHand = engine.chunks().atHand(chunk);
    wanted.add(
        new Wanted(
            nextChunk,
            chunk,
            lease,
            atHand,
            atHand.isPresent() ? null : engine.chunks().ask(chunk)));
    nextChunk++;
  }

  private void readAhead(int window) {
    while (wanted.size() < window && nextChunk <= lastChunk) {
      Optional<ReadMemory.Lease> lease = engine.memory().takeSpare(blob.get(nextChunk).size());
      if (lease.isEmpty()) {
        break;
      }
      ask(lease.get());
    }
    if (wanted.size() > needed()) {
      engine.memory().touch(this);
    }
  }

  private Optional<ByteBuffer> take() throws IOException {
    if (position == end) {
      finish();
      return Optional.empty();
    }
    Wanted first = wanted.remove();
    given = first.lease;
    byte[] chunk = bytesOf(first);
    long start = blob.offset(first.index);
    int from = (int) (position - start);
    int to = (int) Math.min(end - start, chunk.length);
    position = start + to;
    readAhead(engine.readAheadChunks());
    return Optional.of(ByteBuffer.wrap(chunk, from, to - from).slice().asReadOnlyBuffer());
  }

  private byte[] bytesOf(Wanted first) throws IOException {
    Optional<byte[]> bytes = first.atHand;
    if (first.ask != null) {
      try {
        bytes = first.ask.answer().join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IOException("chunk " + first.chunk.digest() + ": " + e.getCause(), e.getCause());
      }
    }
    return bytes.orElseThrow(() -> new MissingChunkException(blob.blob(), first.chunk.digest()));
  }

  @Override
  public void giveBack() {
    synchronized (this) {
      while (wanted.size() > needed()) {
        Wanted last = wanted.removeLast();
        nextChunk = last.index;
        last.giveUp();
      }
    }
  }

  /** Tells how many of the chunks that were asked for the reader waits for. */
  private int needed() {
    return awaited == null ? 0 : 1;
  }

  private void expire(CompletableFuture<Optional<ByteBuffer>> piece) {
    ReadTimeoutException over;
    synchronized (this) {
      if (awaited != piece) {
        return;
      }
      over = engine.patience().overFor("blob " + blob.blob() + " at byte " + position);
      awaited = null;
      fail(over);
    }
    piece.completeExceptionally(over);
  }

  @Override
  public void close() {
    CompletableFuture<Optional<ByteBuffer>> reader;
    IOException closed;
    synchronized (this) {
      if (ended && given == null) {
        return;
      }
      reader = awaited;
      awaited = null;
      closed = new IOException("the flow of blob " + blob.blob() + " is closed");
      fail(closed);
    }
    if (reader != null) {
      reader.completeExceptionally(closed);
    }
  }

  private void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
    if (reason instanceof MissingChunkException || reason instanceof CorruptObjectException) {
      engine.foundDamaged(blob);
    }
    finish();
  }

  /** Gives everything back. */
  private void finish() {
    stopTimeout();
    takeBackGiven();
    wanted.forEach(Wanted::giveUp);
    wanted.clear();
    if (turn != null) {
      turn.close();
      turn = null;
    }
    if (listHold != null) {
      engine.lists().release(blob);
      listHold = null;
    }
    engine.memory().forget(this);
    if (!ended) {
      ended = true;
      engine.closed(this);
    }
  }

  private void takeBackGiven() {
    if (given != null) {
      given.close();
      given = null;
    }
  }

  private void stopTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
