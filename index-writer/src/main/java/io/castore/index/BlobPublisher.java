package io.castore.index;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes blob objects. Of several writers of one blob the first wins, and a list that is readable
 * is never replaced by another, even an equally good one.
 *
 * <p>Safe for use by many threads.
 */
final class BlobPublisher {
  private static final Logger log = LoggerFactory.getLogger(BlobPublisher.class);

  private static final int STRIPES = 64;

  private final ObjectStore store;
  private final boolean leavesOutSingles;
  private final ListProof proof;
  private final Object[] replacing = new Object[STRIPES];

  /**
   * Writes to a store.
   *
   * @param leavesOutSingles whether no object is written for a blob of a single chunk
   */
  BlobPublisher(ObjectStore store, boolean leavesOutSingles) {
    this.store = store;
    this.leavesOutSingles = leavesOutSingles;
    this.proof = new ListProof(store);
    Arrays.setAll(replacing, stripe -> new Object());
  }

  /** Tells whether a blob of so many chunks is readable without an object, and gets none. */
  boolean leavesOut(long chunks) {
    return leavesOutSingles && chunks == 1;
  }

  /**
   * Makes a blob readable whose chunks are all durable. When this returns nothing, its object is
   * durable, too, unless it is left out.
   *
   * @param list its chunks, not closed here
   * @return why nothing was written, where there is a list that can be read and comes to another
   *     size: one of the two is wrong then, and it was not proved to be the one that is there
   * @throws IOException if the store gave no answer; the object may be there or not
   */
  Optional<String> publish(Digest blob, EncodedList list) throws IOException {
    // One that is there is what readers come to first, whoever wrote it.
    boolean isAlone =
        leavesOut(list.count())
            ? store.stat(BucketLayout.blobKey(blob)).isEmpty()
            : store.putIfAbsent(BucketLayout.blobKey(blob), list.body());
    if (isAlone) {
      return Optional.empty();
    }
    Verdict verdict = judge(blob, list);
    if (verdict instanceof Verdict.Useless) {
      // Of two that found the same useless object, the second one finds what the first one wrote.
      synchronized (replacing[Math.floorMod(blob.hashCode(), STRIPES)]) {
        verdict = judge(blob, list);
        if (verdict instanceof Verdict.Useless useless) {
          log.warn("Replacing the object {}: {}", BucketLayout.blobKey(blob), useless.reason());
          store.put(BucketLayout.blobKey(blob), list.body());
        }
      }
    }
    return verdict instanceof Verdict.Contrary contrary
        ? Optional.of(contrary.reason())
        : Optional.empty();
  }

  /** What the object that is there is worth. */
  private sealed interface Verdict {
    /** Readers get the blob from it. */
    record Good() implements Verdict {}

    /** Readers cannot get the blob from it. */
    record Useless(String reason) implements Verdict {}

    /** Either this object or the new list is wrong. */
    record Contrary(String reason) implements Verdict {}
  }

  private Verdict judge(Digest blob, EncodedList list) throws IOException {
    String key = BucketLayout.blobKey(blob);
    try {
      long present = sizeOfPresent(blob, list);
      if (present == list.size()) {
        return new Verdict.Good();
      }
      String contradiction =
          "the store has an object %s whose chunks have %d bytes (expected: %d)"
              .formatted(key, present, list.size());
      return proof.isAnotherContent(blob, present)
          ? new Verdict.Useless(contradiction + ", and another digest than the blob's")
          : new Verdict.Contrary(contradiction);
    } catch (CorruptObjectException | MissingChunkException unreadable) {
      return new Verdict.Useless(String.valueOf(unreadable.getMessage()));
    }
  }

  /**
   * Adds up the chunks of the object that is there. Where it lists none, the blob is a single
   * chunk, of the size that it is said to have.
   *
   * @throws CorruptObjectException if it is no list of the blob's chunks
   * @throws MissingChunkException if the store does not hold a chunk that it lists
   */
  private long sizeOfPresent(Digest blob, EncodedList list) throws IOException {
    String key = BucketLayout.blobKey(blob);
    InputStream object =
        store.open(key).orElseThrow(() -> new CorruptObjectException(key, "it is gone"));
    long[] listed = {0, 0};
    boolean[] isTheBlob = {true};
    boolean[] isOurs = {true};
    try (object;
        EncodedList.Comparison ours = list.compare()) {
      BlobIndex.visit(
          blob,
          object,
          ChunkSizes.LARGEST_LEGAL_CHUNK,
          chunk -> {
            // What our list names is durable. From the first difference on, each is looked for.
            isOurs[0] = isOurs[0] && ours.nextIs(chunk);
            if (!isOurs[0]) {
              requirePresent(blob, chunk.digest());
            }
            isTheBlob[0] &= chunk.digest().equals(blob);
            listed[0]++;
            listed[1] += chunk.size();
          });
    }
    if (listed[0] == 0 && list.size() > 0) {
      requirePresent(blob, blob);
      return list.size();
    }
    if (listed[0] == 1 && !isTheBlob[0]) {
      throw new CorruptObjectException(key, "its only chunk has another digest than the blob");
    }
    return listed[1];
  }

  private void requirePresent(Digest blob, Digest chunk) throws IOException {
    if (store.stat(BucketLayout.chunkKey(chunk)).isEmpty()) {
      throw new MissingChunkException(blob, chunk);
    }
  }
}
