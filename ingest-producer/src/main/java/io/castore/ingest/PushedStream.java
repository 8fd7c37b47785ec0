package io.castore.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose bytes others hand over, without ever waiting, and one thread reads. Between them
 * lies a buffer of a fixed size, which exists while somebody reads.
 *
 * <p>Safe for use by many threads, of which one reads and one hands over.
 */
final class PushedStream extends InputStream {
  static final int CAPACITY = 1 << 20;

  private final Duration patience;

  private byte @Nullable [] ring;
  private int start;
  private int count;

  /** What does not fit into the ring yet, and who is told when it does. */
  private @Nullable ByteBuffer waiting;

  private @Nullable CompletableFuture<Void> onRoom;
  private boolean whole;
  private @Nullable IOException failure;

  /** Waits for so long at most for the next byte. */
  PushedStream(Duration patience) {
    this.patience = patience;
  }

  /** Nothing was handed over for too long. */
  static final class SilenceException extends IOException {
    private static final long serialVersionUID = 1L;

    private SilenceException(Duration patience) {
      super("nothing came for %d s".formatted(patience.toSeconds()));
    }
  }

  /** Begins to take bytes in. */
  void open() {
    CompletableFuture<Void> taken;
    synchronized (this) {
      ring = new byte[CAPACITY];
      taken = takeIn();
    }
    complete(taken);
  }

  /**
   * Hands bytes over.
   *
   * @param bytes not to be changed until the future completes, when all of them were taken. One at
   *     a time
   * @return fails where nobody reads any more
   */
  CompletableFuture<Void> push(ByteBuffer bytes) {
    CompletableFuture<Void> taken;
    CompletableFuture<Void> told = new CompletableFuture<>();
    synchronized (this) {
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      if (whole || waiting != null) {
        throw new IllegalStateException(
            whole ? "the content has ended" : "the piece before was not taken yet");
      }
      waiting = bytes.duplicate();
      onRoom = told;
      taken = takeIn();
    }
    complete(taken);
    return told;
  }

  /** Says that there are no more bytes. */
  synchronized void end() {
    whole = true;
    notifyAll();
  }

  /**
   * Has reads and pushes fail from now on.
   *
   * @return false where the content had ended, or failed, before
   */
  boolean fail(IOException reason) {
    CompletableFuture<Void> untaken;
    synchronized (this) {
      if (whole || failure != null) {
        return false;
      }
      untaken = giveUp(reason);
    }
    if (untaken != null) {
      untaken.completeExceptionally(reason);
    }
    return true;
  }

  private @Nullable CompletableFuture<Void> giveUp(IOException reason) {
    failure = reason;
    ring = null;
    count = 0;
    waiting = null;
    CompletableFuture<Void> untaken = onRoom;
    onRoom = null;
    notifyAll();
    return untaken;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    Objects.checkFromIndexSize(offset, wanted, target.length);
    if (wanted == 0) {
      return 0;
    }
    CompletableFuture<Void> taken;
    int given;
    synchronized (this) {
      awaitBytes();
      byte[] from = ring;
      if (count == 0 || from == null) {
        return -1;
      }
      given = Math.min(wanted, count);
      int unbroken = Math.min(given, CAPACITY - start);
      System.arraycopy(from, start, target, offset, unbroken);
      System.arraycopy(from, 0, target, offset + unbroken, given - unbroken);
      start = (start + given) % CAPACITY;
      count -= given;
      taken = takeIn();
    }
    complete(taken);
    return given;
  }

  private void awaitBytes() throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (count == 0 && !whole) {
      requireNoFailure();
      long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new SilenceException(patience);
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for the next bytes");
      }
    }
    requireNoFailure();
  }

  private void requireNoFailure() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  /** Moves what waits into the ring, and gives who is to be told that all of it is there. */
  private @Nullable CompletableFuture<Void> takeIn() {
    ByteBuffer from = waiting;
    byte[] to = ring;
    if (from == null || to == null) {
      return null;
    }
    while (from.hasRemaining() && count < CAPACITY) {
      int end = (start + count) % CAPACITY;
      int room = end < start ? start - end : CAPACITY - end;
      int moved = Math.min(room, from.remaining());
      from.get(to, end, moved);
      count += moved;
    }
    notifyAll();
    if (from.hasRemaining()) {
      return null;
    }
    waiting = null;
    CompletableFuture<Void> taken = onRoom;
    onRoom = null;
    return taken;
  }

  private static void complete(@Nullable CompletableFuture<Void> taken) {
    if (taken != null) {
      taken.complete(null);
    }
  }

  @Override
  public synchronized int available() {
    return count;
  }

  /** Takes no more. */
  @Override
  public void close() {
    CompletableFuture<Void> untaken;
    IOException closed = new IOException("nobody reads the content any more");
    synchronized (this) {
      if (failure != null) {
        return;
      }
      untaken = giveUp(closed);
    }
    if (untaken != null) {
      untaken.completeExceptionally(closed);
    }
  }
}
