package io.castore.index;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is known of each upload besides its chunks, and tells it.
 *
 * <p>Whoever ends an upload finds it with a deadline in the store, and leaves it with one: it is
 * added before any other of the upload's is removed. So a task that starts finds every upload whose
 * end it may still have to tell. A brief upload has none: its end is told before the records that
 * led to it are committed.
 *
 * <p>What is told of an upload that has not ended may be ahead of its header. How it ended is told
 * only when that is durable: see {@link UntoldEnds}.
 *
 * <p>Not thread-safe.
 */
final class UploadLedger {
  /**
   * How long the rows of a finished upload stay. While the header that says so might not have
   * reached its changelog yet, the rows must not go: after a crash the upload would wait for chunks
   * for ever. A producer gives each record up after {@code delivery.timeout.ms} (two minutes) at
   * the latest, and its task with it.
   */
  static final Duration ROWS_STAY = Duration.ofMinutes(5);

  /** A source's name and a reason are kept in the header and sent on with every status. */
  static final int LONGEST_TEXT = 64 << 10;

  /** Of the time to expiry, how exactly the header knows when something was last heard. */
  private static final int QUARTERS = 4;

  private static final UploadHeader UNKNOWN =
      UploadHeader.newBuilder().setStatus(UploadStatus.newBuilder().setState(State.OPEN)).build();

  private final KeyValueStore<UploadId, UploadHeader> headers;
  private final Tallies tallies;
  private final Deadlines deadlines;
  private final Outlet outlet;
  private final UploadMeters meters;
  private final UntoldEnds untoldEnds;
  private final long expiryMs;
  private final LongSupplier clock;
  private final Set<UploadId> changed = new LinkedHashSet<>();
  private final Map<UploadId, Tally> brief = new HashMap<>();
  private @Nullable UploadId untold;

  /**
   * Keeps a ledger in two stores.
   *
   * @param meters count what becomes of uploads
   * @param expiry after how long a silence an upload ends
   * @param clock gives milliseconds since 1970
   */
  UploadLedger(
      KeyValueStore<UploadId, UploadHeader> headers,
      Tallies tallies,
      Deadlines deadlines,
      Outlet outlet,
      UploadMeters meters,
      Duration expiry,
      LongSupplier clock) {
    this.headers = headers;
    this.tallies = tallies;
    this.deadlines = deadlines;
    this.outlet = outlet;
    this.meters = meters;
    this.untoldEnds = new UntoldEnds(headers, outlet);
    this.expiryMs = expiry.toMillis();
    this.clock = clock;
  }

  static boolean isFinal(UploadHeader upload) {
    return UploadStates.isFinal(upload.getStatus().getState());
  }

  static boolean isSealed(UploadHeader upload) {
    return upload.getStatus().getState() == State.SEALED;
  }

  @Nullable UploadHeader get(UploadId id) {
    return headers.get(id);
  }

  Tally tally(UploadId id) {
    return tallies.of(id);
  }

  /**
   * Gives what is known of an upload of which a record came. The first time that this task meets
   * it, it gets deadlines, even where it has a header: a crash may have left the header without
   * them.
   */
  UploadHeader meet(UploadId id, @Nullable UploadHeader known) {
    if (!tallies.hold(id)) {
      deadlines.add(clock.getAsLong() + expiryMs / 2, id);
      if (tallies.of(id).missing() > 0) {
        deadlines.add(clock.getAsLong() + ChunkAsker.PATIENCE.toMillis(), id);
      }
    }
    if (!tallies.of(id).isTold()) {
      untold = id;
    }
    if (known == null) {
      meters.begun();
      return UNKNOWN;
    }
    return known;
  }

  /**
   * Gives the header of an upload that was opened and sealed at once, and whose blob is claimed.
   */
  static UploadHeader headerOf(UploadEvent.Whole whole) {
    UploadHeader.Builder header = UNKNOWN.toBuilder().setClaimed(true);
    open(header, whole.getOpened());
    seal(header, whole.getSealed());
    header.getStatusBuilder().setState(State.SEALED);
    return header.build();
  }

  static void open(UploadHeader.Builder header, UploadEvent.Opened opened) {
    header.getStatusBuilder().setSource(opened.getSource()).setOpenedAtMs(opened.getOpenedAtMs());
    if (opened.hasVersion()) {
      header.getStatusBuilder().setSourceVersion(opened.getVersion());
    }
  }

  static void seal(UploadHeader.Builder header, UploadEvent.Sealed sealed) {
    header.clearChunkRecords().addAllChunkRecords(sealed.getChunkRecordsList());
    header
        .getStatusBuilder()
        .setBlobDigest(sealed.getBlobDigest())
        .setSize(sealed.getSize())
        .setChunkCount(sealed.getChunkCount());
  }

  /**
   * Begins an upload that is whole, in memory alone.
   *
   * @param only its only chunk
   */
  void beginBrief(UploadId id, ChunkRow only) {
    Tally tally = new Tally();
    tally.count(0, null, only);
    // Not with the others, which may be pushed out: there are no rows to count it from anew.
    brief.put(id, tally);
    meters.begun();
    meters.sealed();
  }

  /** Whether an upload is in memory alone, and has not ended. */
  boolean isBrief(UploadId id) {
    return brief.containsKey(id);
  }

  /** Writes the header of an upload that was in memory alone. */
  void keepBrief(UploadId id, UploadHeader upload) {
    brief.remove(id);
    deadlines.add(clock.getAsLong() + expiryMs / 2, id);
    UploadHeader unused = keep(id, upload.toBuilder());
    untold = id;
  }

  /**
   * Tells the status of the upload that was met last, unless this task has told it before. To be
   * called when a record was taken: so no upload's first record is committed before its status was
   * told, and whoever knows that the record was committed finds the upload in the statuses.
   */
  void introduce() {
    if (untold != null) {
      tell(untold);
      changed.remove(untold);
      untold = null;
    }
  }

  /** Tells an upload that its first record ends, before that is durable and may be told. */
  private void introduce(UploadId id, UploadHeader before) {
    if (id.equals(untold)) {
      tell(id, before);
      untold = null;
    }
  }

  /** Writes what is known of an upload, and that something was heard of it now. */
  UploadHeader keep(UploadId id, UploadHeader.Builder upload) {
    upload.getStatusBuilder().setUpdatedAtMs(clock.getAsLong());
    return write(id, upload);
  }

  /** Does the same for one whose source was read to its end. */
  UploadHeader seal(UploadId id, UploadHeader before, UploadHeader.Builder upload) {
    if (!isSealed(before)) {
      meters.sealed();
    }
    upload.getStatusBuilder().setState(State.SEALED);
    return keep(id, upload);
  }

  /** Writes what is known of an upload that has not ended, and has it told with the next report. */
  private UploadHeader write(UploadId id, UploadHeader.Builder upload) {
    UploadHeader kept = upload.build();
    headers.put(id, kept);
    changed.add(id);
    return kept;
  }

  /** Keeps an upload from expiring for some time, though nothing was heard of it. */
  void spare(UploadId id, UploadHeader upload, long notBeforeMs) {
    UploadHeader unused = write(id, upload.toBuilder().setNotBeforeMs(notBeforeMs));
  }

  /** Notes that a chunk of the upload was heard of, without writing its header for each of them. */
  void heard(UploadId id, UploadHeader upload) {
    changed.add(id);
    if (upload.getStatus().getUpdatedAtMs() + expiryMs / QUARTERS <= clock.getAsLong()) {
      UploadHeader unused = keep(id, upload.toBuilder());
    }
  }

  /**
   * Ends an upload, and has it told as soon as that is durable.
   *
   * @param at the record that led to it, null where it was none
   */
  void end(
      UploadId id, UploadHeader upload, State state, String reason, @Nullable RecordPosition at) {
    introduce(id, upload);
    Tally ofBrief = brief.remove(id);
    UploadStatus ended =
        (ofBrief == null ? tallies.of(id) : ofBrief)
            .addTo(upload.getStatus().toBuilder())
            .setState(state)
            .setReason(reason.length() > LONGEST_TEXT ? reason.substring(0, LONGEST_TEXT) : reason)
            .setUpdatedAtMs(clock.getAsLong())
            .build();
    UploadHeader.Builder header = UploadHeader.newBuilder().setStatus(ended);
    if (at != null) {
      header.setEndedBy(at);
    }
    tallies.forget(id);
    changed.remove(id);
    if (ofBrief != null) {
      headers.put(id, header.setBrief(true).build());
      untoldEnds.add(id);
    } else {
      tellEnd(id, header.build());
    }
    meters.ended(ended);
  }

  /**
   * Has a final status told as soon as it is durable, perhaps again. Header and deadline are
   * written even where they are in their stores: a store on disk may be ahead of its changelog,
   * since a task that died has written to it what Kafka never got.
   */
  void tellEnd(UploadId id, UploadHeader ended) {
    headers.put(id, ended);
    deadlines.add(rowsStayUntil(ended), id);
    untoldEnds.add(id);
  }

  /** When the rows of an upload that has ended may go. */
  static long rowsStayUntil(UploadHeader ended) {
    return ended.getStatus().getUpdatedAtMs() + ROWS_STAY.toMillis();
  }

  /**
   * Tells a final status to the record that led to it: when that record comes again, the status may
   * never have been sent. Where the deadline is there, a start has told it; where a crash lost it,
   * it is told now, before the record is committed. An upload that was brief never had one, so any
   * of its records is told: the other one may be committed first.
   */
  void tellAgain(UploadId id, UploadHeader ended, RecordPosition at) {
    boolean mayBeUntold = ended.getBrief() || (ended.hasEndedBy() && ended.getEndedBy().equals(at));
    if (mayBeUntold && !deadlines.has(rowsStayUntil(ended), id)) {
      tellEnd(id, ended);
      tellEnds();
    }
  }

  /** Tells of the uploads that have ended since the last call. */
  void tellEnds() {
    untoldEnds.tell();
  }

  /** Does the same, and returns when what was told is durable, too. */
  void tellEndsForSure() {
    untoldEnds.tell();
    outlet.flush();
  }

  /** Tells the present status of each upload that has come further since the last call. */
  void report() {
    changed.forEach(this::tell);
    changed.clear();
  }

  /** Tells the present status of an upload that has not ended. */
  private void tell(UploadId id) {
    UploadHeader upload = headers.get(id);
    if (upload != null && !isFinal(upload)) {
      tell(id, upload);
    }
  }

  private void tell(UploadId id, UploadHeader upload) {
    Tally tally = tallies.of(id);
    tally.tell();
    outlet.tell(
        id, tally.addTo(upload.getStatus().toBuilder()).setUpdatedAtMs(clock.getAsLong()).build());
  }
}
