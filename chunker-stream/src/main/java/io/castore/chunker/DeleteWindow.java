package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one task that are being removed. They go by the same threads as PUTs and count
 * with them. One that the store does not remove is done with all the same: it is garbage that the
 * next run of garbage collection finds. But none may still be on its way when its record is
 * committed, or when the same object is written anew.
 *
 * <p>Every wait has the same bound, which must be longer than a request to the store with all its
 * attempts. Once it was not kept, each further call throws. Used by one thread.
 */
final class DeleteWindow {
  /** What follows when a delete has ended. */
  interface Settlement {
    /** Takes note of an object that is gone. */
    void deleted(String key);

    /** Takes note of an object that may still be there. */
    void left(String key, Throwable why);
  }

  private record Ended(Digest digest, @Nullable Throwable failure) {}

  private final PutPool pool;
  private final Duration timeout;
  private final Duration contact;
  private final String storeId;
  private final Settlement settlement;
  private final Map<Digest, String> onTheirWay = new HashMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private @Nullable IOException failure;

  /** Makes an empty window. */
  DeleteWindow(StoreTarget target, Settlement settlement) {
    this.pool = target.puts();
    this.timeout = target.timeout();
    this.contact = target.contact();
    this.storeId = target.storeId();
    this.settlement = settlement;
  }

  /** How many deletes are on their way or not settled yet. */
  int size() {
    return onTheirWay.size();
  }

  /**
   * Begins to remove an object, after one of the same digest was. Waits for its turn. Where that
   * comes too late for the task to know that it still owns the digest, the object is left.
   *
   * @param polledNanos when the task's thread last heard of its group, by {@link System#nanoTime}
   * @throws UncheckedIOException if its turn did not come in time
   */
  void delete(Digest digest, String key, long polledNanos) {
    await(digest);
    onTheirWay.put(digest, key);
    boolean begun;
    try {
      begun = pool.delete(digest, key, polledNanos + contact.toNanos(), timeout, this::add);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
    if (!begun) {
      throw tooLate();
    }
  }

  private void add(Digest digest, Duration took, @Nullable Throwable why) {
    ended.add(new Ended(digest, why));
  }

  /** Settles what has ended by now, and waits for nothing. */
  void settle() {
    requireUsable();
    for (Ended next; (next = ended.poll()) != null; ) {
      settle(next);
    }
  }

  /**
   * Waits until nothing of a digest is being removed.
   *
   * @throws UncheckedIOException if that takes too long
   */
  void await(Digest digest) {
    settle();
    long deadline = deadline();
    while (onTheirWay.containsKey(digest)) {
      settleNext(deadline);
    }
  }

  /**
   * Waits until nothing is being removed.
   *
   * @throws UncheckedIOException if that takes too long
   */
  void drain() {
    settle();
    long deadline = deadline();
    while (!onTheirWay.isEmpty()) {
      settleNext(deadline);
    }
  }

  private void settleNext(long deadline) {
    Ended next;
    try {
      next = ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
    if (next == null) {
      throw tooLate();
    }
    settle(next);
  }

  private void settle(Ended one) {
    String key = Objects.requireNonNull(onTheirWay.remove(one.digest()));
    if (one.failure() == null) {
      settlement.deleted(key);
    } else {
      settlement.left(key, one.failure());
    }
  }

  /** Forgets everything, because the task is closed. */
  void discard() {
    if (failure == null && !onTheirWay.isEmpty()) {
      failure = new IOException(outstanding("when their task was closed"));
    }
    onTheirWay.clear();
  }

  private void requireUsable() {
    if (failure != null) {
      throw new UncheckedIOException(failure);
    }
  }

  private UncheckedIOException tooLate() {
    return failed(
        new StoreUnavailableException(
            outstanding("within %d ms".formatted(timeout.toMillis())), null));
  }

  private UncheckedIOException interrupted() {
    Thread.currentThread().interrupt();
    return failed(new InterruptedIOException("interrupted while waiting for the store"));
  }

  private UncheckedIOException failed(IOException why) {
    failure = why;
    return new UncheckedIOException(why);
  }

  private String outstanding(String when) {
    return "%d deletes on their way to the store %s did not end %s"
        .formatted(onTheirWay.size(), storeId, when);
  }

  private long deadline() {
    return System.nanoTime() + timeout.toNanos();
  }
}
