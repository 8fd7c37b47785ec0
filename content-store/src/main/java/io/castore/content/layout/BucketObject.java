package io.castore.content.layout;

import io.castore.content.digest.Digest;

/** What an object of the bucket is, as its key tells. */
public sealed interface BucketObject {
  /** Gives the object's key, relative to the store's prefix. */
  String key();

  /**
   * A chunk, as one zstd frame.
   *
   * @param digest of the raw chunk
   */
  record Chunk(Digest digest) implements BucketObject {
    @Override
    public String key() {
      return BucketLayout.chunkKey(digest);
    }
  }

  /**
   * A blob, as the list of its chunks.
   *
   * @param digest of the blob's content
   */
  record Blob(Digest digest) implements BucketObject {
    @Override
    public String key() {
      return BucketLayout.blobKey(digest);
    }
  }

  /** The store's identity. */
  record Identity() implements BucketObject {
    @Override
    public String key() {
      return BucketLayout.IDENTITY_KEY;
    }
  }
}
