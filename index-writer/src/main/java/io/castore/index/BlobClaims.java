package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.state.UploadHeader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Claims the blobs of sealed uploads, so that nothing collects a blob's object that is about to be
 * relied on: once as soon as an upload is sealed, and again with growing patience while the chunker
 * does not answer.
 *
 * <p>What was claimed is kept in memory alone: after a restart it is claimed again, which does no
 * harm. Belongs to one task, and is not thread-safe.
 */
final class BlobClaims {
  /** How long the chunker has for its first answer. Doubled each time. */
  static final Duration PATIENCE = ChunkAsker.PATIENCE;

  private static final long MOST_PATIENCE_MS = Duration.ofHours(1).toMillis();

  /** One that was pushed out is claimed again when it is next looked at. */
  private static final int MOST_IN_MEMORY = 10_000;

  private final Deadlines deadlines;
  private final Outlet outlet;
  private final LongSupplier clock;
  private final Map<UploadId, Claim> claims =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, Claim> eldest) {
          return size() > MOST_IN_MEMORY;
        }
      };

  BlobClaims(Deadlines deadlines, Outlet outlet, LongSupplier clock) {
    this.deadlines = deadlines;
    this.outlet = outlet;
    this.clock = clock;
  }

  /** A claim that was not answered yet. */
  private record Claim(long againAtMs, long patienceMs) {}

  /** Whether nothing is published of an upload yet because its claim was not answered. */
  static boolean isWanted(UploadHeader upload) {
    return UploadLedger.isSealed(upload) && !upload.getClaimed();
  }

  /** Claims the blob of a sealed upload, unless that was done and is not answered yet. */
  void claim(UploadId id, UploadHeader upload) {
    if (!claims.containsKey(id)) {
      long unused = send(id, upload, PATIENCE.toMillis());
    }
  }

  /** Gives back the memory of an upload whose claim was answered, or that has ended. */
  void forget(UploadId id) {
    claims.remove(id);
  }

  /**
   * Claims again what was not answered in time.
   *
   * @return when to call this again, {@link Long#MAX_VALUE} where there is nothing to claim
   */
  long claimAgain(UploadId id, UploadHeader upload) {
    if (!isWanted(upload)) {
      forget(id);
      return Long.MAX_VALUE;
    }
    Claim before = claims.get(id);
    if (before == null) {
      return send(id, upload, PATIENCE.toMillis());
    }
    return before.againAtMs() > clock.getAsLong()
        ? before.againAtMs()
        : send(id, upload, Math.min(2 * before.patienceMs(), MOST_PATIENCE_MS));
  }

  private long send(UploadId id, UploadHeader upload, long patienceMs) {
    long againAtMs = clock.getAsLong() + patienceMs;
    claims.put(id, new Claim(againAtMs, patienceMs));
    deadlines.add(againAtMs, id);
    outlet.claim(id, Digest.of(upload.getStatus().getBlobDigest().toByteArray()));
    return againAtMs;
  }
}
