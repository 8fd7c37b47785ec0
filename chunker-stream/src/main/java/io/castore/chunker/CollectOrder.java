package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import io.castore.proto.state.StoredChunk;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Removes an object that garbage collection found no use for, unless something has used it since
 * the run's mark. First it is forgotten, then removed: an entry without its object would be data
 * loss, an object without its entry is garbage.
 */
final class CollectOrder implements Order {
  private final ChunkEntries chunks;
  private final BlobClaims claims;
  private final PutWindow puts;
  private final DeleteWindow deletes;
  private final RecentCollects collects;
  private final LongSupplier polledNanos;
  private final Runnable kept;

  /**
   * Makes one for a task.
   *
   * @param polledNanos tells when the task's thread last heard of its group, by {@link
   *     System#nanoTime}
   * @param kept is told of each object that is kept
   */
  CollectOrder(
      ChunkEntries chunks,
      BlobClaims claims,
      PutWindow puts,
      DeleteWindow deletes,
      RecentCollects collects,
      LongSupplier polledNanos,
      Runnable kept) {
    this.chunks = chunks;
    this.claims = claims;
    this.puts = puts;
    this.deletes = deletes;
    this.collects = collects;
    this.polledNanos = polledNanos;
    this.kept = kept;
  }

  @Override
  public Optional<String> carryOut(ReceivedOrder order) {
    Collect collect = order.record().getCollect();
    long mark = collect.getMarkOffset();
    if (mark < 0 || mark >= order.offset()) {
      return Optional.of(
          "invalid mark offset: %d (expected: 0 to %d, before this record)"
              .formatted(mark, order.offset() - 1));
    }
    return switch (collect.getKind()) {
      case CHUNK -> {
        collectChunk(order, mark);
        yield Optional.empty();
      }
      case BLOB -> {
        collectBlob(order, mark);
        yield Optional.empty();
      }
      case KIND_UNSPECIFIED, UNRECOGNIZED ->
          Optional.of(
              "unknown kind of object: %d (expected: chunk or blob)"
                  .formatted(collect.getKindValue()));
    };
  }

  private void collectChunk(ReceivedOrder order, long mark) {
    Digest digest = order.digest();
    StoredChunk entry = chunks.get(digest);
    // A blob of a single chunk may have no object of its own, and is kept by its chunk.
    if (puts.chunk(digest) != null
        || (entry != null && ChunkEntries.lastUse(entry) >= mark)
        || claims.isClaimedSince(digest, mark)) {
      kept.run();
      return;
    }
    chunks.drop(digest);
    delete(order, BucketLayout.chunkKey(digest));
  }

  private void collectBlob(ReceivedOrder order, long mark) {
    Digest digest = order.digest();
    if (claims.isClaimedSince(digest, mark)) {
      kept.run();
      return;
    }
    claims.drop(digest);
    delete(order, BucketLayout.blobKey(digest));
  }

  private void delete(ReceivedOrder order, String key) {
    collects.add(order.digest(), order.offset());
    deletes.delete(order.digest(), key, polledNanos.getAsLong());
  }
}
