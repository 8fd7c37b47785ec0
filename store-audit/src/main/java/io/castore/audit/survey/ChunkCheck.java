package io.castore.audit.survey;

import io.castore.content.blob.ChunkReader;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads single chunks and tells how they are. Safe for use by many threads. */
public final class ChunkCheck {
  private final ChunkReader reader;

  /** Reads from a store, which belongs to the caller. */
  public ChunkCheck(ObjectReader store) {
    reader = new ChunkReader(store);
  }

  /**
   * Reads a chunk.
   *
   * @throws IOException if the store cannot be used
   */
  public ChunkCondition check(Digest digest) throws IOException {
    return CarefulRead.read(
        () -> {
          Optional<byte[]> raw = reader.read(digest);
          return raw.isPresent()
              ? new ChunkCondition.Whole(raw.get().length)
              : new ChunkCondition.Missing();
        },
        ChunkCondition.Damaged::new);
  }

  /**
   * Reads no more of a chunk than tells its raw size.
   *
   * @throws IOException if the store cannot be used
   */
  public ChunkCondition glance(Digest digest) throws IOException {
    return CarefulRead.read(
        () -> {
          OptionalLong size = reader.size(digest);
          return size.isPresent()
              ? new ChunkCondition.Unread((int) size.getAsLong())
              : new ChunkCondition.Missing();
        },
        ChunkCondition.Damaged::new);
  }
}
