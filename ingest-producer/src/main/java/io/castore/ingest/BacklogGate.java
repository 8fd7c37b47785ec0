package io.castore.ingest;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.OptionalLong;

/**
 * Holds senders of chunks back while too much waits in Kafka to be stored. What is known of that is
 * a second or so old, so what was sent from here since counts beside it, some of it twice: senders
 * are held back rather a little early than late. As long as nothing is known, all that was sent
 * from here counts.
 *
 * <p>Safe for use by many threads. {@link #refresh} has to be called about once a second.
 */
final class BacklogGate {
  private static final long LOOK_AGAIN_MS = 200;

  private final long limitBytes;
  private final BacklogSource source;

  /** Of the last refresh. */
  private OptionalLong known;

  /** What was sent before the last refresh, and may not be part of what is known. */
  private long sentBeforeBytes;

  private long sentSinceBytes;
  private int waiting;

  /**
   * Makes a gate.
   *
   * @param limitBytes how much may wait before senders do
   */
  BacklogGate(long limitBytes, BacklogSource source) {
    this.limitBytes = limitBytes;
    this.source = source;
    known = source.bytes();
  }

  /** Ends a wait that has become needless. */
  @FunctionalInterface
  interface Check {
    /** Throws where there is no point in waiting any longer. */
    void check() throws IOException;
  }

  /**
   * Waits until there is room to send something.
   *
   * @param bytes how much
   * @param check asked every now and then
   * @throws InterruptedIOException if the thread was interrupted
   * @throws IOException if the check threw it
   */
  synchronized void awaitRoom(long bytes, Check check) throws IOException {
    waiting++;
    try {
      while (backlogBytes() > limitBytes) {
        check.check();
        wait(LOOK_AGAIN_MS);
      }
      sentSinceBytes += bytes;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while too much waited in Kafka to be stored");
    } finally {
      waiting--;
    }
  }

  /**
   * Takes over what is known now.
   *
   * @return whether less waits than before
   */
  boolean refresh() {
    OptionalLong now = source.bytes();
    synchronized (this) {
      boolean shrank = now.isPresent() && known.isPresent() && now.getAsLong() < known.getAsLong();
      sentBeforeBytes = now.isPresent() ? sentSinceBytes : sentBeforeBytes + sentSinceBytes;
      sentSinceBytes = 0;
      known = now;
      notifyAll();
      return shrank;
    }
  }

  /** Gives how many threads are held back. */
  synchronized int waiting() {
    return waiting;
  }

  /** Estimates how much waits in Kafka to be stored, in bytes. */
  synchronized long backlogBytes() {
    return known.orElse(0) + sentBeforeBytes + sentSinceBytes;
  }
}
