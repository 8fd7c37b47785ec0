package io.castore.index;

import io.castore.content.blob.ChunkReader;
import io.castore.content.blob.MissingChunkException;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * Proves that a blob object is wrong, by reading all that it lists: a list that was cut between two
 * entries looks like any other, and only its content's digest tells.
 *
 * <p>Safe for use by many threads.
 */
final class ListProof {
  /** What is read at most for a proof, in bytes. An audit reads more. */
  static final long MOST_BYTES = 16L << 30;

  private final ObjectStore store;
  private final ChunkReader chunks;

  ListProof(ObjectStore store) {
    this.store = store;
    this.chunks = new ChunkReader(store);
  }

  /**
   * Tells whether what a blob's object lists is proved not to be the blob.
   *
   * @param size how many bytes it lists
   * @return false where it is the blob, and where it is too large to be read
   * @throws CorruptObjectException if the object or a chunk of it cannot be read
   * @throws MissingChunkException if a chunk is not there
   * @throws IOException if the store gave no answer
   */
  boolean isAnotherContent(Digest blob, long size) throws IOException {
    if (size > MOST_BYTES) {
      return false;
    }
    String key = BucketLayout.blobKey(blob);
    InputStream object =
        store.open(key).orElseThrow(() -> new CorruptObjectException(key, "it is gone"));
    Blake3 content = new Blake3();
    try (object) {
      BlobIndex.visit(
          blob,
          object,
          ChunkSizes.LARGEST_LEGAL_CHUNK,
          chunk -> {
            byte[] raw =
                chunks
                    .read(chunk)
                    .orElseThrow(() -> new MissingChunkException(blob, chunk.digest()));
            content.update(raw, 0, raw.length);
          });
    }
    return !content.finish().equals(blob);
  }
}
