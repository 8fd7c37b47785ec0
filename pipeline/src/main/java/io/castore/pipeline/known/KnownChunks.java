package io.castore.pipeline.known;

import io.castore.content.digest.Digest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tells which chunks the store is known to hold, without asking the store. Never rely on the answer
 * alone: a chunk may be collected after it was given.
 *
 * <p>Safe for use by many threads.
 */
public interface KnownChunks {
  /** Most digests that are asked for at once. */
  int MOST_AT_ONCE = 16_384;

  /**
   * Tells which of some digests are not known.
   *
   * @param digests {@link #MOST_AT_ONCE} at most
   * @param reach how far to ask
   * @return the ones that are not known, in the given order, each once; fails where that cannot be
   *     found out. One whose owner does not answer counts as not known
   */
  CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach);

  /**
   * Answers from this process's part of the state alone, however far a question reaches: for a
   * process that has nobody to share the work with. It takes some ten microseconds for each digest,
   * on the thread that asks.
   */
  static KnownChunks here(StoredChunks stored) {
    return new ChunksHere(stored);
  }

  /** How far a question goes. */
  enum Reach {
    /** To all processes that share the work. */
    EVERYWHERE,
    /** Nowhere beyond this process: what others have to know of counts as not known. */
    THIS_PROCESS
  }
}
