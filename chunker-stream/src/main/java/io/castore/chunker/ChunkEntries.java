package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.state.StoredChunk;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What a task remembers of the chunks in the store. An entry counts as known unless it was
 * forgotten; when the chunk was last used counts in any case.
 *
 * <p>Used by the thread that runs the task.
 */
final class ChunkEntries {
  private final KeyValueStore<Digest, StoredChunk> entries;

  ChunkEntries(KeyValueStore<Digest, StoredChunk> entries) {
    this.entries = entries;
  }

  /** Tells about how many entries there are. Quick, whatever their number. */
  long count() {
    return entries.approximateNumEntries();
  }

  /** Gives an entry, be it forgotten or not. */
  @Nullable StoredChunk get(Digest digest) {
    return entries.get(digest);
  }

  /** Remembers a chunk whose object is durable now. */
  void remember(Digest digest, StoredChunk chunk, long nowMs) {
    entries.put(digest, chunk.toBuilder().setStoredAtMs(nowMs).build());
  }

  /** Notes that a record referred to a chunk. */
  void refer(Digest digest, StoredChunk chunk, long offset) {
    entries.put(digest, referred(chunk, offset));
  }

  /** Has the next record that brings the chunk's bytes stored. */
  void forget(Digest digest, StoredChunk chunk) {
    entries.put(digest, chunk.toBuilder().setForgotten(true).build());
  }

  /** Removes all that is known of a chunk. */
  void drop(Digest digest) {
    entries.delete(digest);
  }

  /** Gives an entry as it is where the chunk can be relied on, and else {@code null}. */
  static @Nullable StoredChunk known(@Nullable StoredChunk entry) {
    return entry == null || entry.getForgotten() ? null : entry;
  }

  /** Makes the entry that a chunk gets after its next reference. */
  static StoredChunk referred(StoredChunk chunk, long offset) {
    return chunk.toBuilder().setReferredOffset(Math.max(chunk.getReferredOffset(), offset)).build();
  }

  /** Tells the offset of the last record that is known to have brought or needed a chunk. */
  static long lastUse(StoredChunk chunk) {
    return Math.max(chunk.getSource().getOffset(), chunk.getReferredOffset());
  }
}
