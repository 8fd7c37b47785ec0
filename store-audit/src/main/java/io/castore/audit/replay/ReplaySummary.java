package io.castore.audit.replay;

import io.castore.proto.pipeline.UploadStatus.State;
import java.util.Map;

/**
 * What was compared.
 *
 * @param uploads how many uploads are in each state, as was told
 * @param blobs how many blobs have to be in the store
 * @param bytes their sizes together
 * @param chunks how many chunks have to be in the store
 * @param chunkBytes their raw sizes together
 * @param differences how many there are of each kind
 */
public record ReplaySummary(
    Map<State, Long> uploads,
    long blobs,
    long bytes,
    long chunks,
    long chunkBytes,
    Map<Difference.Kind, Long> differences) {
  /** Copies the maps. */
  public ReplaySummary {
    uploads = Map.copyOf(uploads);
    differences = Map.copyOf(differences);
  }

  /** Whether nothing is lost or wrong. */
  public boolean isClean() {
    return differences.keySet().stream().noneMatch(Difference.Kind::isFault);
  }
}
