package io.castore.pipeline.known;

import io.castore.content.digest.Digest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Answers from this process's part of the state, on the thread that asks.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
record ChunksHere(StoredChunks stored) implements KnownChunks {
  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    List<Digest> distinct = digests.stream().distinct().toList();
    Set<Digest> here = stored.find(distinct).here();
    return CompletableFuture.completedFuture(
        distinct.stream().filter(digest -> !here.contains(digest)).toList());
  }
}
