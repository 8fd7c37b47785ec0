package io.castore.content.reading;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A budget of memory that readers lease from, first come, first served. Nobody blocks: a lease is
 * granted at once or later.
 *
 * <p>A lease of more than the whole budget is granted while there is no other, so that every chunk
 * can be read; but for that, the budget is never exceeded.
 *
 * <p>Safe for use by many threads. Holds no lock while it calls anybody, and calls nobody on the
 * caller's thread.
 */
final class ReadMemory {
  private final long capacity;
  private final Executor threads;

  private final Deque<Lease> waiting = new ArrayDeque<>();

  /** Who can give something back, the one that was active the longest ago first. */
  private final Set<Spare> spares = new LinkedHashSet<>();

  private long held;
  private long peak;
  private long waits;

  /** Leases up to {@code capacity} bytes; tells of leases that had to wait on {@code threads}. */
  ReadMemory(long capacity, Executor threads) {
    this.capacity = capacity;
    this.threads = threads;
  }

  /** Somebody who holds memory that is of use but not needed yet. */
  interface Spare {
    /** Gives back what is not needed yet. Called on a thread that holds no lock. */
    void giveBack();
  }

  /** Memory that is one's own from the time it is granted until it is closed. */
  final class Lease implements AutoCloseable {
    private final long bytes;
    private final CompletableFuture<Void> granted = new CompletableFuture<>();
    private boolean holds;

    private Lease(long bytes) {
      this.bytes = bytes;
    }

    /** Completes when it is granted. Never fails; stays open when it is closed before. */
    CompletableFuture<Void> granted() {
      return granted;
    }

    /** Gives the memory back, or the place in the queue. A second call does nothing. */
    @Override
    public void close() {
      List<Lease> next;
      synchronized (ReadMemory.this) {
        if (holds) {
          holds = false;
          held -= bytes;
        } else if (!waiting.remove(this)) {
          return;
        }
        next = grantNext();
      }
      next.forEach(ReadMemory.this::tell);
    }
  }

  /** Takes memory when it is this one's turn. */
  Lease take(long bytes) {
    Lease lease = new Lease(bytes);
    boolean now;
    synchronized (this) {
      now = waiting.isEmpty() && fits(bytes);
      if (now) {
        hold(lease);
      } else {
        waiting.add(lease);
        waits++;
      }
    }
    if (now) {
      lease.granted.complete(null);
    } else {
      try {
        threads.execute(this::reclaim);
      } catch (RejectedExecutionException closed) {
        // All flows are being closed, which gives back more.
      }
    }
    return lease;
  }

  /** Takes memory that is free and that nobody waits for. */
  synchronized Optional<Lease> takeSpare(long bytes) {
    if (!waiting.isEmpty() || bytes > capacity - held) {
      return Optional.empty();
    }
    Lease lease = new Lease(bytes);
    hold(lease);
    lease.granted.complete(null);
    return Optional.of(lease);
  }

  /** Notes that this one is active and may hold memory to spare. */
  synchronized void touch(Spare spare) {
    spares.remove(spare);
    spares.add(spare);
  }

  /** Notes that this one has nothing to spare any more. */
  synchronized void forget(Spare spare) {
    spares.remove(spare);
  }

  synchronized long held() {
    return held;
  }

  synchronized long peak() {
    return peak;
  }

  synchronized long waits() {
    return waits;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** Asks one after another for what they can spare, as long as somebody waits. */
  private void reclaim() {
    while (true) {
      Spare longestIdle;
      synchronized (this) {
        Iterator<Spare> all = spares.iterator();
        if (waiting.isEmpty() || !all.hasNext()) {
          return;
        }
        longestIdle = all.next();
        all.remove();
      }
      longestIdle.giveBack();
    }
  }

  private boolean fits(long bytes) {
    return bytes <= capacity - held || held == 0;
  }

  private void hold(Lease lease) {
    lease.holds = true;
    held += lease.bytes;
    peak = Math.max(peak, held);
  }

  private List<Lease> grantNext() {
    List<Lease> granted = new ArrayList<>();
    for (Lease next = waiting.peek(); next != null && fits(next.bytes); next = waiting.peek()) {
      hold(waiting.remove());
      granted.add(next);
    }
    return granted;
  }

  /** Tells of a grant on another thread: who gave memory back has nothing to do with who waits. */
  private void tell(Lease lease) {
    try {
      threads.execute(() -> lease.granted.complete(null));
    } catch (RejectedExecutionException closed) {
      // Who waits is told that reading was closed, or runs out of patience.
    }
  }
}
