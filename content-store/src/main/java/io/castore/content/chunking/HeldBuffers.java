package io.castore.content.chunking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;

/**
 * The buffers of a {@link ChunkSplitter} whose chunks are needed beyond their consumer's call. A
 * buffer is read into again only when none of its chunks is held any more.
 *
 * <p>Not thread-safe.
 */
final class HeldBuffers implements ChunkSplitter.BufferSource {
  private final IdentityHashMap<byte[], Integer> holds = new IdentityHashMap<>();
  private final Deque<byte[]> idle = new ArrayDeque<>();

  /** Keeps a buffer as it is until it was released as often. */
  void hold(byte[] buffer) {
    if (holds.merge(buffer, 1, Integer::sum) == 1) {
      idle.remove(buffer);
    }
  }

  /** Gives back one hold of a buffer. */
  void release(byte[] buffer) {
    if (holds.merge(buffer, -1, Integer::sum) == 0) {
      holds.remove(buffer);
      idle.add(buffer);
    }
  }

  /** Forgets all buffers, since others may still read from them. */
  void forget() {
    holds.clear();
    idle.clear();
  }

  @Override
  public byte[] replace(byte[] used, int capacity) {
    idle.remove(used);
    boolean free = !holds.containsKey(used);
    if (free && used.length == capacity) {
      return used;
    }
    byte[] next = idle.poll();
    return next != null && next.length == capacity ? next : new byte[capacity];
  }
}
