package io.castore.audit.survey;

import io.castore.content.layout.BucketLayout;

/** The parts that the keys of a store are walked in, by the first byte of the digest. */
public final class Shards {
  /** How many parts there are. */
  public static final int COUNT = 256;

  private Shards() {}

  /** What the keys of a part's chunks start with. */
  public static String chunks(int shard) {
    return BucketLayout.CHUNK_PREFIX + "%02x".formatted(shard);
  }

  /** What the keys of a part's blobs start with. */
  public static String blobs(int shard) {
    return BucketLayout.BLOB_PREFIX + "%02x".formatted(shard);
  }
}
