package io.castore.gc;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads which chunks blobs need, from their objects in the store, whoever wrote them.
 *
 * <p>Safe for use by many threads.
 */
final class BlobLists {
  private final ObjectReader store;
  private final Needed needed;
  private final DigestTable live;
  private final DigestTable singles;

  BlobLists(ObjectReader store, Needed needed, ScratchStore scratch) {
    this.store = store;
    this.needed = needed;
    live = new DigestTable(scratch, ScratchKeys.LIVE);
    singles = new DigestTable(scratch, ScratchKeys.SINGLES);
  }

  /**
   * Notes the chunks of a blob.
   *
   * @return whether its object is there; it may have been collected meanwhile by another run, or
   *     removed by other hands
   * @throws CorruptObjectException if its object does not tell them
   */
  boolean take(Digest blob, ObjectInfo object) throws IOException {
    if (blob.equals(Digest.EMPTY)) {
      return true;
    }
    long[] listed = {0, 0};
    if (object.size() > 0) {
      Optional<InputStream> opened = store.open(object.key());
      if (opened.isEmpty()) {
        return false;
      }
      try (InputStream in = opened.get()) {
        BlobIndex.visit(
            blob,
            in,
            ChunkSizes.LARGEST_LEGAL_CHUNK,
            chunk -> {
              live.add(chunk.digest());
              listed[0]++;
              listed[1] += chunk.size();
            });
      }
    }
    if (listed[0] == 0) {
      live.add(blob);
      singles.add(blob);
      return true;
    }
    Optional<Needed.Facts> told = needed.facts(blob);
    if (told.isPresent() && told.get().size() != listed[1]) {
      throw new CorruptObjectException(
          object.key(),
          "its chunks have %d bytes (expected: %d, as its upload says)"
              .formatted(listed[1], told.get().size()));
    }
    return true;
  }

  /** Notes that a chunk is in the store. */
  void seen(Digest chunk) throws IOException {
    if (singles.contains(chunk)) {
      singles.remove(chunk);
    }
  }

  /**
   * Looks after blobs without a list whose chunk was not seen: a list that was lost looks the same.
   * Where an upload has told that the blob is a single chunk, its chunk is missing, and no more.
   */
  void checkSingles(DamagedLists damaged) throws IOException {
    singles.visit(
        (blob, nothing) -> {
          Optional<Needed.Facts> told = needed.facts(blob);
          boolean isKnown = told.isPresent() && told.get().fewestChunks() <= 1;
          if (!isKnown
              && store.stat(BucketLayout.blobKey(blob)).isPresent()
              && store.stat(BucketLayout.chunkKey(blob)).isEmpty()) {
            damaged.add(
                new CorruptObjectException(
                    BucketLayout.blobKey(blob),
                    "it lists no chunks, and the store has no chunk of the blob's digest"));
          }
        });
  }
}
