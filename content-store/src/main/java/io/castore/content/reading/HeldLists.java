package io.castore.content.reading;

import io.castore.content.layout.ChunkList;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;

/**
 * The long lists that flows use, each counted once however many flows use it. Short ones are not
 * counted. Safe for use by many threads.
 */
final class HeldLists {
  private static final CompletableFuture<Void> AT_ONCE = CompletableFuture.completedFuture(null);

  private final ReadMemory memory;

  /** By the very list: an equal one takes memory of its own. */
  private final IdentityHashMap<ChunkList, Held> held = new IdentityHashMap<>();

  HeldLists(ReadMemory memory) {
    this.memory = memory;
  }

  private static final class Held {
    private final ReadMemory.Lease lease;
    private int holders;

    Held(ReadMemory.Lease lease) {
      this.lease = lease;
    }
  }

  /** Begins to use a list, from the time that what this gives is complete. */
  CompletableFuture<Void> hold(ChunkList list) {
    if (list.count() <= BlobSearch.SHORT_LIST) {
      return AT_ONCE;
    }
    synchronized (held) {
      Held shared = held.computeIfAbsent(list, first -> new Held(memory.take(first.memoryBytes())));
      shared.holders++;
      return shared.lease.granted();
    }
  }

  /** Stops using a list, once for each time that it was begun. */
  void release(ChunkList list) {
    synchronized (held) {
      Held shared = held.get(list);
      if (shared != null && --shared.holders == 0) {
        held.remove(list);
        shared.lease.close();
      }
    }
  }
}
