package io.castore.index;

import io.castore.index.Deadlines.Deadline;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.UploadEvent.PartitionRange;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.UploadHeader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Looks after uploads of which no record comes: goes on with what an earlier process had begun, has
 * what is missing asked for and searched for, ends what stays silent for too long, and clears away
 * what finished uploads leave.
 *
 * <p>Belongs to one task, and is not thread-safe.
 */
final class UploadWatch {
  private static final int DEADLINES_AT_A_TIME = 1_000;

  /** Whoever is not called for so long was paused, or its machine was. */
  private static final long LONGEST_TICK_MS = Duration.ofMinutes(1).toMillis();

  private static final long LONGEST_RECHECK_MS = Duration.ofSeconds(30).toMillis();

  private final UploadLedger ledger;
  private final RowClearing clearing;
  private final Deadlines deadlines;
  private final Publications publications;
  private final Completion completion;
  private final ChunkAsker asker;
  private final BlobClaims claims;
  private final LostChunkSearch search;
  private final StoredOffsets storedOffsets;
  private final long expiryMs;
  private final LongSupplier clock;

  private final long beganUntilMs;
  private boolean hasCaughtUp;
  private long resumedAtMs;
  private long lastTickMs;

  UploadWatch(
      UploadLedger ledger,
      RowClearing clearing,
      Deadlines deadlines,
      Publications publications,
      Completion completion,
      ChunkAsker asker,
      BlobClaims claims,
      LostChunkSearch search,
      StoredOffsets storedOffsets,
      Duration expiry,
      LongSupplier clock) {
    this.ledger = ledger;
    this.clearing = clearing;
    this.deadlines = deadlines;
    this.publications = publications;
    this.completion = completion;
    this.asker = asker;
    this.claims = claims;
    this.search = search;
    this.storedOffsets = storedOffsets;
    this.expiryMs = expiry.toMillis();
    this.clock = clock;
    this.resumedAtMs = clock.getAsLong();
    this.lastTickMs = resumedAtMs;
    // Whatever an earlier process was at has a deadline before this, since none is further ahead.
    // Twice, since that process may have gone by another machine's clock.
    this.beganUntilMs = resumedAtMs + 2 * UploadLedger.ROWS_STAY.toMillis();
  }

  /** Looks at what is due. To be called often; costs nothing while nothing is due. */
  void tick() {
    long now = clock.getAsLong();
    if (now - lastTickMs > LONGEST_TICK_MS) {
      // What came meanwhile waits in the topics, as after a start. Deadlines of uploads whose ends
      // wait to be told may have passed, and are removed below.
      resumedAtMs = now;
      ledger.tellEndsForSure();
    }
    lastTickMs = now;
    clearing.refill();
    for (Deadline deadline : deadlines.due(now, DEADLINES_AT_A_TIME)) {
      UploadHeader upload = ledger.get(deadline.id());
      if (upload == null || look(deadline.id(), upload, now)) {
        deadlines.remove(deadline);
      }
    }
  }

  /**
   * Goes on with what an earlier process was at: publishes what is whole, and tells once more how
   * uploads ended whose status may not have been sent. To be called before anything else is done;
   * further calls do nothing. Takes some seconds where some ten thousand uploads have ended lately.
   */
  void catchUp() {
    if (hasCaughtUp) {
      return;
    }
    hasCaughtUp = true;
    List<Deadline> begun = deadlines.next(null, beganUntilMs, DEADLINES_AT_A_TIME);
    boolean hasBegun = !begun.isEmpty();
    while (!begun.isEmpty()) {
      begun.forEach(this::goOn);
      begun = deadlines.next(begun.get(begun.size() - 1), beganUntilMs, DEADLINES_AT_A_TIME);
    }
    if (hasBegun) {
      // A deadline that is long past is removed next. Nothing else would have its upload's end
      // told.
      ledger.tellEndsForSure();
    }
  }

  private void goOn(Deadline deadline) {
    UploadHeader upload = ledger.get(deadline.id());
    if (upload == null) {
      return;
    }
    if (UploadLedger.isSealed(upload)) {
      boolean unused = completion.settle(deadline.id(), upload, null);
    } else if (UploadLedger.isFinal(upload)
        && deadline.atMs() <= UploadLedger.rowsStayUntil(upload)) {
      ledger.tellEnd(deadline.id(), upload);
    }
  }

  /** Returns whether the deadline has served. */
  private boolean look(UploadId id, UploadHeader upload, long now) {
    if (UploadLedger.isFinal(upload)) {
      asker.forget(id);
      claims.forget(id);
      search.forget(id);
      if (UploadLedger.rowsStayUntil(upload) <= now) {
        return clearing.clear(id);
      }
      // Where it has this one already, nothing changes.
      deadlines.add(UploadLedger.rowsStayUntil(upload), id);
      return true;
    }
    if (publications.hold(id)) {
      deadlines.add(now + Publications.PATIENCE.toMillis(), id);
      return true;
    }
    if (UploadLedger.isSealed(upload) && completion.settle(id, upload, null)) {
      return true;
    }
    OptionalLong next = lookAfter(id, upload, now);
    next.ifPresent(at -> deadlines.add(at, id));
    return true;
  }

  /** Returns when to look again, or empty where the upload has ended. */
  private OptionalLong lookAfter(UploadId id, UploadHeader upload, long now) {
    long heardAt = upload.getStatus().getUpdatedAtMs();
    boolean isSealed = UploadLedger.isSealed(upload);
    // After a start there may be records in the topics that came while nobody read them.
    long expiresAt =
        Math.max(Math.max(heardAt + expiryMs, upload.getNotBeforeMs()), resumedAtMs + expiryMs / 4);
    if (now >= expiresAt) {
      return isSealed ? giveUpSealed(id, upload, now) : giveUp(id, upload);
    }
    long next = expiresAt;
    boolean asksForLost = false;
    if (isSealed) {
      long halfAt = Math.max(heardAt + expiryMs / 2, resumedAtMs + expiryMs / 8);
      asksForLost = now >= halfAt && reading(upload) == Reading.DONE;
      next = Math.min(next, now < halfAt ? halfAt : asksForLost ? next : now + recheckMs());
    }
    long askAt =
        Math.min(
            asker.askAgain(id, upload, ledger.tally(id), asksForLost),
            claims.claimAgain(id, upload));
    return OptionalLong.of(Math.max(Math.min(next, askAt), now));
  }

  private OptionalLong giveUpSealed(UploadId id, UploadHeader upload, long now) {
    switch (reading(upload)) {
      case UNKNOWN -> {
        return OptionalLong.of(now + recheckMs());
      }
      case BEHIND -> {
        ledger.spare(id, upload, now + expiryMs / 4);
        return OptionalLong.of(now + recheckMs());
      }
      case DONE -> {}
    }
    OptionalLong searchAgainAt = search.goOn(id, upload);
    return searchAgainAt.isPresent() ? searchAgainAt : giveUp(id, upload);
  }

  private OptionalLong giveUp(UploadId id, UploadHeader upload) {
    asker.forget(id);
    claims.forget(id);
    ledger.end(
        id,
        upload,
        State.EXPIRED,
        "nothing was heard of the upload for " + Duration.ofMillis(expiryMs),
        null);
    return OptionalLong.empty();
  }

  private long recheckMs() {
    return Math.min(LONGEST_RECHECK_MS, Math.max(1, expiryMs / 16));
  }

  /** How far the chunker has come with an upload's records. */
  private enum Reading {
    DONE,
    BEHIND,
    UNKNOWN
  }

  private Reading reading(UploadHeader upload) {
    if (upload.getChunkRecordsCount() == 0) {
      return Reading.DONE;
    }
    Optional<Map<Integer, Long>> stored = storedOffsets.stored();
    if (stored.isEmpty()) {
      return Reading.UNKNOWN;
    }
    for (PartitionRange range : upload.getChunkRecordsList()) {
      // A partition that is not known does not exist.
      if (stored.get().getOrDefault(range.getPartition(), Long.MAX_VALUE) < range.getEndOffset()) {
        return Reading.BEHIND;
      }
    }
    return Reading.DONE;
  }
}
