package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.proto.state.StoredChunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one task that are on their way to the store, and the records that wait for them.
 * PUTs end in any order. Each is settled after it was acknowledged, by the task's own thread: the
 * chunk is remembered, then every record that waits for it is answered.
 *
 * <p>As soon as one PUT has failed, or was not acknowledged in time, the window is of no use any
 * more: each further call throws, so that no offset can be committed past the record. What the
 * store acknowledges after that, or after {@link #discard}, has no effect.
 *
 * <p>Every wait has the same bound, which must be longer than a request to the store with all its
 * attempts. Used by one thread.
 */
final class PutWindow {
  /** What follows when the store has acknowledged a chunk, in the order of these methods. */
  interface Settlement {
    /** Remembers a chunk as stored. */
    void remember(Digest digest, StoredChunk chunk, Duration took);

    /** Sends the receipt of a record that waited for the chunk. */
    void answer(PendingReceipt receipt);
  }

  private static final class OnItsWay {
    private final Deque<PendingReceipt> receipts = new ArrayDeque<>();
    private StoredChunk chunk;

    OnItsWay(StoredChunk chunk) {
      this.chunk = chunk;
    }
  }

  private record Ended(Digest digest, Duration took, @Nullable Throwable failure) {}

  private final PutPool pool;
  private final Duration timeout;
  private final String storeId;
  private final Settlement settlement;
  private final Map<Digest, OnItsWay> onTheirWay = new HashMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final Deque<Ended> unsettled = new ArrayDeque<>();
  private int held;
  private @Nullable Exception failure;

  /**
   * Makes an empty window.
   *
   * @param timeout how long to wait for the store at a time
   * @param storeId names the store in messages
   */
  PutWindow(PutPool pool, Duration timeout, String storeId, Settlement settlement) {
    this.pool = pool;
    this.timeout = timeout;
    this.storeId = storeId;
    this.settlement = settlement;
  }

  /** How many chunks are on their way or not settled yet. */
  int size() {
    return onTheirWay.size();
  }

  /** What is going to be remembered of a chunk that is on its way; {@code null} where none is. */
  @Nullable StoredChunk chunk(Digest digest) {
    OnItsWay one = onTheirWay.get(digest);
    return one == null ? null : one.chunk;
  }

  /**
   * Settles what was acknowledged, and waits until one more record may wait.
   *
   * @throws UncheckedIOException if a PUT failed or was not acknowledged in time
   */
  void makeRoom() {
    settle();
    long deadline = deadline();
    while (held >= pool.mostHeld()) {
      settleNext(deadline);
    }
  }

  /**
   * Sends a chunk that is neither stored nor on its way. Waits for its turn.
   *
   * @param known what is to be remembered of it
   * @param receipt what the record that brought it is to be answered
   * @throws UncheckedIOException if its turn did not come in time
   */
  void put(ChunkOutcome.New chunk, StoredChunk known, PendingReceipt receipt) {
    OnItsWay one = new OnItsWay(known);
    hold(one, receipt);
    put(chunk, one);
  }

  /** Does the same for a record that is not answered. */
  void put(ChunkOutcome.New chunk, StoredChunk known) {
    put(chunk, new OnItsWay(known));
  }

  private void put(ChunkOutcome.New chunk, OnItsWay one) {
    requireUsable();
    onTheirWay.put(chunk.digest(), one);
    boolean begun;
    try {
      begun = pool.put(chunk.digest(), chunk.frame(), timeout, this::add);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
    if (!begun) {
      throw tooLate();
    }
  }

  private void add(Digest digest, Duration took, @Nullable Throwable why) {
    ended.add(new Ended(digest, took, why));
  }

  /**
   * Has one more record wait for a chunk that is on its way.
   *
   * @param offset of the record, which counts as a use of the chunk
   */
  void join(Digest digest, PendingReceipt receipt, long offset) {
    OnItsWay one = Objects.requireNonNull(onTheirWay.get(digest), "not on its way");
    one.chunk = ChunkEntries.referred(one.chunk, offset);
    hold(one, receipt);
  }

  private void hold(OnItsWay one, PendingReceipt receipt) {
    one.receipts.add(receipt);
    held++;
  }

  /**
   * Settles what was acknowledged by now, and waits for nothing.
   *
   * @throws UncheckedIOException if a PUT failed
   */
  void settle() {
    requireUsable();
    ended.drainTo(unsettled);
    while (!unsettled.isEmpty()) {
      settle(unsettled.element());
      unsettled.remove();
    }
  }

  /**
   * Waits until a chunk is not on its way any more.
   *
   * @throws UncheckedIOException if a PUT failed or was not acknowledged in time
   */
  void await(Digest digest) {
    settle();
    long deadline = deadline();
    while (onTheirWay.containsKey(digest)) {
      settleNext(deadline);
    }
  }

  /**
   * Settles everything, and waits for it.
   *
   * @throws UncheckedIOException if a PUT failed or was not acknowledged in time
   */
  void drain() {
    settle();
    long deadline = deadline();
    while (!onTheirWay.isEmpty()) {
      settleNext(deadline);
    }
  }

  private void settleNext(long deadline) {
    try {
      Ended next = ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw tooLate();
      }
      unsettled.add(next);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
    settle();
  }

  /** Leaves each step to be taken again, should the next one throw. */
  private void settle(Ended one) {
    if (one.failure() != null) {
      throw failed(one.failure());
    }
    OnItsWay settled = Objects.requireNonNull(onTheirWay.get(one.digest()));
    settlement.remember(one.digest(), settled.chunk, one.took());
    for (PendingReceipt next; (next = settled.receipts.peek()) != null; ) {
      settlement.answer(next);
      settled.receipts.remove();
      held--;
    }
    onTheirWay.remove(one.digest());
  }

  /** Forgets everything, because the task is closed. */
  void discard() {
    if (failure == null && !onTheirWay.isEmpty()) {
      failure = new IOException(outstanding("when their task was closed"));
    }
    onTheirWay.clear();
    unsettled.clear();
    held = 0;
  }

  private void requireUsable() {
    if (failure != null) {
      throw rethrown(failure);
    }
  }

  private RuntimeException tooLate() {
    return failed(
        new StoreUnavailableException(
            outstanding("within %d ms".formatted(timeout.toMillis())), null));
  }

  private String outstanding(String when) {
    return "%d chunks on their way to the store %s were not acknowledged %s"
        .formatted(onTheirWay.size(), storeId, when);
  }

  private RuntimeException interrupted() {
    Thread.currentThread().interrupt();
    return failed(new InterruptedIOException("interrupted while waiting for the store"));
  }

  private RuntimeException failed(Throwable why) {
    failure = why instanceof Exception exception ? exception : new IllegalStateException(why);
    return rethrown(failure);
  }

  private static RuntimeException rethrown(Exception failure) {
    return failure instanceof IOException notStored
        ? new UncheckedIOException(notStored)
        : new IllegalStateException(failure);
  }

  private long deadline() {
    return System.nanoTime() + timeout.toNanos();
  }
}
