package io.castore.content.blob;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import java.io.IOException;

/**
 * A blob's object is in the store, but one of its chunks is not. Reading again cannot help: the
 * caller gives up this content and names the chunk, and a person repairs the store.
 */
public final class MissingChunkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Digest blob;
  private final transient Digest chunk;

  /** Says which chunk of which blob. */
  public MissingChunkException(Digest blob, Digest chunk) {
    super(
        "blob %s: its chunk %s is not in the store (expected: an object %s)"
            .formatted(blob, chunk, BucketLayout.chunkKey(chunk)));
    this.blob = blob;
    this.chunk = chunk;
  }

  /** Gives the digest of the blob. */
  public Digest blob() {
    return blob;
  }

  /** Gives the digest of the chunk. */
  public Digest chunk() {
    return chunk;
  }
}
