package io.castore.query.uploads;

import io.castore.proto.pipeline.UploadStatus;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of all uploads together.
 *
 * @param byState how many uploads are in each state; none of a state that no upload is in
 * @param bytes bytes of their chunks that the store holds, each upload's counted
 * @param newBytes bytes of those that the store did not hold before
 * @param newChunks how many chunks the latter are
 */
public record UploadTotals(
    Map<UploadStatus.State, Long> byState, long bytes, long newBytes, long newChunks) {
  /** Adds uploads up. */
  public static UploadTotals of(Iterable<UploadStatus> uploads) {
    Map<UploadStatus.State, Long> byState = new EnumMap<>(UploadStatus.State.class);
    long bytes = 0;
    long newBytes = 0;
    long newChunks = 0;
    for (UploadStatus upload : uploads) {
      byState.merge(upload.getState(), 1L, Long::sum);
      bytes += upload.getBytesReceived();
      newBytes += upload.getNewBytes();
      newChunks += upload.getNewChunks();
    }
    return new UploadTotals(Collections.unmodifiableMap(byState), bytes, newBytes, newChunks);
  }

  /** How many bytes came for each byte that was new; 1 while nothing was. */
  public double dedupRatio() {
    return newBytes == 0 ? 1 : (double) bytes / newBytes;
  }
}
