package io.castore.query.existence;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.StoredChunks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of the state that holds some digests, and is all there is. */
record FakeStoredChunks(String storeId, Set<Digest> known) implements StoredChunks {
  @Override
  public Found find(List<Digest> digests) {
    return new Found(
        digests.stream().filter(known::contains).collect(Collectors.toSet()), Map.of());
  }
}
