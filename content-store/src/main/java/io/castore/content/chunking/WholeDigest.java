package io.castore.content.chunking;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The digest of a content whose chunks have to be taken in one after the other, but by whichever
 * thread has time.
 *
 * <p>Safe for use by many threads, but that one thread alone adds chunks and finishes.
 */
final class WholeDigest {
  private final Blake3 blake3;
  private final Queue<HeldChunk> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock takingIn = new ReentrantLock();

  /** Begins with what nothing was taken into yet. */
  WholeDigest(Blake3 blake3) {
    this.blake3 = blake3;
  }

  /** Adds the next chunk, which waits until it is taken in. */
  void add(HeldChunk chunk) {
    waiting.add(chunk);
  }

  /** Takes in what waits, unless another thread is at it. */
  void takeInIfNobodyDoes() {
    if (takingIn.tryLock()) {
      try {
        takeIn();
      } finally {
        takingIn.unlock();
      }
    }
  }

  /** Takes in everything that was added up to a chunk, if that was not done yet. */
  void takeInUpTo(HeldChunk chunk) {
    if (!chunk.isTakenIn()) {
      takeInAll();
    }
  }

  /** Gives the digest of all chunks that were added. */
  Digest finish() {
    takeInAll();
    return blake3.finish();
  }

  private void takeInAll() {
    takingIn.lock();
    try {
      takeIn();
    } finally {
      takingIn.unlock();
    }
  }

  private void takeIn() {
    for (HeldChunk chunk = waiting.poll(); chunk != null; chunk = waiting.poll()) {
      chunk.takeInto(blake3);
    }
  }
}
