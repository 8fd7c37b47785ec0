package io.castore.content.chunking;

import io.castore.content.digest.Digest;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Digests a chunk, looks it up where there is a lookup, and encodes it unless it is known.
 * Whichever thread comes first does so, in one go if nothing has to be waited for. While an answer
 * is awaited no thread is with the chunk, and afterwards whichever comes first encodes it.
 *
 * <p>Safe for use by many threads, of which one alone waits.
 */
final class ChunkTask<T> implements Runnable {
  private final HeldChunk chunk;
  private final Work<T> work;

  /** Changes under this object's lock. All below is written by the thread that is to change it. */
  private volatile State state = State.TO_BEGIN;

  private boolean waitedFor;
  private boolean known;
  private @Nullable Digest digest;
  private @Nullable T encoded;
  private @Nullable Throwable failure;

  ChunkTask(HeldChunk chunk, Work<T> work) {
    this.chunk = chunk;
    this.work = work;
    work.left.incrementAndGet();
  }

  private enum State {
    TO_BEGIN,
    UNDER_WAY,
    ASKED,
    TO_ENCODE,
    DONE
  }

  /**
   * What the chunks of a content have in common.
   *
   * @param lookup null where nothing is looked up
   * @param left how many chunks some thread could do something for, or does
   * @param onUnknown told of a chunk that turned out to have to be encoded while nobody waits for
   *     it, on the thread that answers
   */
  record Work<T>(
      ContentSplitter.ChunkEncoder<T> encoder,
      ContentSplitter.@Nullable ChunkLookup<T> lookup,
      WholeDigest whole,
      AtomicInteger left,
      Consumer<ChunkTask<T>> onUnknown) {}

  HeldChunk chunk() {
    return chunk;
  }

  /** Tells whether nothing has to be waited for. */
  boolean isReady() {
    return state == State.DONE && chunk.isTakenIn();
  }

  /** Tells whether nothing can be done until an answer comes. */
  boolean awaitsAnswer() {
    return state == State.ASKED;
  }

  /** Does what can be done now, unless another thread does. Does not wait for an answer. */
  @Override
  public void run() {
    if (take(State.TO_BEGIN)) {
      guard(this::begin);
      work.whole.takeInIfNobodyDoes();
    } else if (take(State.TO_ENCODE)) {
      guard(this::encode);
    }
  }

  private synchronized boolean take(State from) {
    if (state != from) {
      return false;
    }
    state = State.UNDER_WAY;
    return true;
  }

  private void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error failed) {
      failure = failed;
      leave(State.DONE);
    }
  }

  private void begin() {
    Digest found = chunk.digest();
    digest = found;
    if (work.lookup == null) {
      encode();
      return;
    }
    CompletableFuture<Boolean> answer = work.lookup.isKnown(found, chunk.length());
    if (!answer.isDone()) {
      leave(State.ASKED);
      CompletableFuture<Boolean> unused = answer.whenComplete(this::answered);
    } else if (!answer.isCompletedExceptionally() && answer.join()) {
      known = true;
      leave(State.DONE);
    } else {
      encode();
    }
  }

  private void encode() {
    encoded = chunk.encode(digest(), work.encoder);
    leave(State.DONE);
  }

  private void leave(State next) {
    work.left.decrementAndGet();
    become(next);
  }

  private synchronized void become(State next) {
    state = next;
    notifyAll();
  }

  /** Runs on whichever thread answers, which is not there to encode anything. */
  private void answered(@Nullable Boolean answer, @Nullable Throwable fault) {
    if (fault == null && Boolean.TRUE.equals(answer)) {
      known = true;
      become(State.DONE);
      return;
    }
    work.left.incrementAndGet();
    boolean forOthers;
    synchronized (this) {
      become(State.TO_ENCODE);
      forOthers = !waitedFor;
    }
    if (forOthers) {
      work.onUnknown.accept(this);
    }
  }

  /**
   * Does what can be done now, after waiting for the thread that does it, if any: then the chunk is
   * done or awaits its answer.
   */
  void settle() throws InterruptedIOException {
    await(false);
  }

  /** Gives what was made of the chunk, after waiting for it. */
  T encoded() throws InterruptedIOException {
    await(true);
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return known && work.lookup != null
        ? work.lookup.refer(digest(), chunk.length())
        : Objects.requireNonNull(encoded);
  }

  /** Gives the digest of a chunk that was digested. */
  Digest digest() {
    return Objects.requireNonNull(digest);
  }

  private void await(boolean answerToo) throws InterruptedIOException {
    startToWait();
    do {
      run();
    } while (!awaitOthers(answerToo));
  }

  /** Before anything is asked, so that an answer leaves the chunk to this thread however early. */
  private synchronized void startToWait() {
    waitedFor = true;
  }

  /**
   * Waits until nobody else is at it, and tells whether there is nothing left to do either, which
   * ends the waiting.
   */
  private synchronized boolean awaitOthers(boolean answerToo) throws InterruptedIOException {
    try {
      while (state == State.UNDER_WAY || (answerToo && state == State.ASKED)) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      waitedFor = false;
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a chunk was looked up or compressed");
    }
    waitedFor = state == State.TO_ENCODE;
    return !waitedFor;
  }
}
