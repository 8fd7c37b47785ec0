package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.proto.state.ClaimedBlob;
import org.apache.kafka.streams.state.KeyValueStore;

/** The claims of blobs that a task remembers. Used by the thread that runs the task. */
final class BlobClaims {
  private final KeyValueStore<Digest, ClaimedBlob> claims;

  BlobClaims(KeyValueStore<Digest, ClaimedBlob> claims) {
    this.claims = claims;
  }

  /** Notes a claim. */
  void claim(Digest blob, long offset) {
    ClaimedBlob before = claims.get(blob);
    if (before == null || before.getClaimedOffset() < offset) {
      claims.put(blob, ClaimedBlob.newBuilder().setClaimedOffset(offset).build());
    }
  }

  /** Whether a blob was claimed at an offset or later. */
  boolean isClaimedSince(Digest blob, long offset) {
    ClaimedBlob claim = claims.get(blob);
    return claim != null && claim.getClaimedOffset() >= offset;
  }

  /** Removes the claim of a blob, if there is one. */
  void drop(Digest blob) {
    claims.delete(blob);
  }
}
