package io.castore.content.layout;

import io.castore.content.digest.Digest;
import java.util.Optional;

/**
 * Where things are in the bucket. Keys are relative to the store's prefix; {@code docs/formats.md}
 * says what lies under them.
 */
public final class BucketLayout {
  /** What the keys of chunks begin with. */
  public static final String CHUNK_PREFIX = "chunks/b3/";

  /** What the keys of blobs begin with. */
  public static final String BLOB_PREFIX = "blobs/b3/";

  /** The key of the store's identity. */
  public static final String IDENTITY_KEY = "castore-streams.json";

  private static final int SHARD_LENGTH = 4;

  private BucketLayout() {}

  /** Gives the key of a chunk. */
  public static String chunkKey(Digest digest) {
    return key(CHUNK_PREFIX, digest);
  }

  /** Gives the key of a blob. */
  public static String blobKey(Digest digest) {
    return key(BLOB_PREFIX, digest);
  }

  /**
   * Tells what a key is the key of.
   *
   * @return empty where it is no key of this layout
   */
  public static Optional<BucketObject> parse(String key) {
    Optional<BucketObject> object;
    if (key.equals(IDENTITY_KEY)) {
      object = Optional.of(new BucketObject.Identity());
    } else if (key.startsWith(CHUNK_PREFIX)) {
      object = digestAfter(CHUNK_PREFIX, key).map(BucketObject.Chunk::new);
    } else if (key.startsWith(BLOB_PREFIX)) {
      object = digestAfter(BLOB_PREFIX, key).map(BucketObject.Blob::new);
    } else {
      object = Optional.empty();
    }
    // A key has one spelling: lower case, and the shard that goes with the digest.
    return object.filter(parsed -> parsed.key().equals(key));
  }

  private static String key(String prefix, Digest digest) {
    String hex = digest.toHex();
    return prefix + hex.substring(0, SHARD_LENGTH) + "/" + hex;
  }

  private static Optional<Digest> digestAfter(String prefix, String key) {
    int start = prefix.length() + SHARD_LENGTH + 1;
    if (key.length() != start + 2 * Digest.LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.parse(key.substring(start)));
    } catch (IllegalArgumentException notADigest) {
      return Optional.empty();
    }
  }
}
