package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.state.StoredChunk;
import java.util.Optional;

/**
 * Takes a chunk for unknown whose object is damaged or gone, so that it heals with the next record
 * that brings its bytes. What was stored after the order is not what the order is about.
 */
final class ForgetOrder implements Order {
  private final ChunkEntries chunks;
  private final PutWindow puts;

  ForgetOrder(ChunkEntries chunks, PutWindow puts) {
    this.chunks = chunks;
    this.puts = puts;
  }

  @Override
  public Optional<String> carryOut(ReceivedOrder order) {
    Digest digest = order.digest();
    puts.await(digest);
    StoredChunk entry = chunks.get(digest);
    if (entry != null && entry.getSource().getOffset() < order.offset()) {
      chunks.forget(digest, entry);
    }
    return Optional.empty();
  }
}
