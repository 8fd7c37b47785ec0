package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is said of each upload, in whatever order and however often it comes, until the
 * upload has come to its end; publishes the blob of one whose chunks are all there.
 *
 * <p>A crash may leave any part of what was written to the three stores for a record, and then the
 * record comes again. So each store by itself is always in a state from which doing it again ends
 * well: a row is the same whenever it is written, counts are made from rows, and what ended an
 * upload ends it again with the same status.
 *
 * <p>Not thread-safe.
 */
final class UploadGatherer {
  private static final int DEADLINES_AT_A_TIME = 1_000;
  private static final int QUARTERS = 4;

  /**
   * How long the rows of a finished upload stay. When the header that says so might not have
   * reached its changelog yet, the rows must not go: after a crash the upload would wait for chunks
   * for ever. A producer gives each record up after {@code delivery.timeout.ms} (two minutes) at
   * the latest, and its task with it.
   */
  private static final Duration ROWS_STAY = Duration.ofMinutes(5);

  /** A source's name and a reason are kept in the header and sent on with every status. */
  private static final int LONGEST_TEXT = 64 << 10;

  private final KeyValueStore<UploadId, UploadHeader> headers;
  private final ChunkRows rows;
  private final Deadlines deadlines;
  private final BlobPublisher publisher;
  private final String storeId;
  private final long expiryMs;
  private final LongSupplier clock;
  private final long startedAtMs;

  private final Tallies tallies;
  private final Set<UploadId> changed = new LinkedHashSet<>();

  /**
   * Gathers into three stores.
   *
   * @param storeId receipts for other stores do not count
   * @param clock gives milliseconds since 1970
   */
  UploadGatherer(
      KeyValueStore<UploadId, UploadHeader> headers,
      ChunkRows rows,
      Deadlines deadlines,
      BlobPublisher publisher,
      String storeId,
      Duration expiry,
      LongSupplier clock) {
    this.headers = headers;
    this.rows = rows;
    this.tallies = new Tallies(rows);
    this.deadlines = deadlines;
    this.publisher = publisher;
    this.storeId = storeId;
    this.expiryMs = expiry.toMillis();
    this.clock = clock;
    this.startedAtMs = clock.getAsLong();
  }

  /**
   * Takes what the producer says of its upload.
   *
   * @param at where the record stands
   * @return the final status, where this ends the upload
   * @throws IOException if the blob could not be published: the record has to come again
   */
  Optional<UploadStatus> take(UploadId id, UploadEvent event, RecordPosition at)
      throws IOException {
    UploadHeader header = headers.get(id);
    if (header != null && UploadStates.isFinal(header.getStatus().getState())) {
      return statusIfEndedBy(id, at, header);
    }
    UploadStatus.Builder status = meet(id, header);
    return switch (event.getEventCase()) {
      case OPENED -> {
        if (event.getOpened().getSource().length() > LONGEST_TEXT) {
          throw new IllegalArgumentException(
              "the source's name has %d characters (expected: at most %d)"
                  .formatted(event.getOpened().getSource().length(), LONGEST_TEXT));
        }
        status
            .setSource(event.getOpened().getSource())
            .setOpenedAtMs(event.getOpened().getOpenedAtMs());
        keep(id, status);
        yield Optional.empty();
      }
      case SEALED -> seal(id, status, event.getSealed(), at);
      case ABORTED -> end(id, status, State.ABORTED, event.getAborted().getReason(), at);
      case EVENT_NOT_SET ->
          throw new IllegalArgumentException("the event is none that this version knows");
    };
  }

  /**
   * Takes what became of one chunk.
   *
   * @param at where the record stands
   * @return the final status, where this ends the upload
   * @throws IOException if the blob could not be published: the record has to come again
   */
  Optional<UploadStatus> take(UploadId id, ChunkReceipt receipt, RecordPosition at)
      throws IOException {
    UploadHeader header = headers.get(id);
    if (header != null && UploadStates.isFinal(header.getStatus().getState())) {
      return statusIfEndedBy(id, at, header);
    }
    UploadStatus.Builder status = meet(id, header);
    if (header == null) {
      keep(id, status);
    }
    return switch (receipt.getResult()) {
      case REJECTED ->
          end(
              id,
              status,
              State.FAILED,
              "chunk %s was rejected: %s".formatted(place(receipt), receipt.getReason()),
              at);
      case STORED, DEDUPLICATED ->
          receipt.getStoreId().equals(storeId) ? add(id, status, receipt, at) : Optional.empty();
      case RESULT_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "the receipt's result is none that this version knows");
    };
  }

  private Optional<UploadStatus> add(
      UploadId id, UploadStatus.Builder status, ChunkReceipt receipt, RecordPosition at)
      throws IOException {
    if (receipt.getRawSize() < 1) {
      throw new IllegalArgumentException(
          "invalid raw size: %s bytes (expected: 1 or more)"
              .formatted(Integer.toUnsignedString(receipt.getRawSize())));
    }
    ChunkRow row =
        new ChunkRow(
            Digest.of(receipt.getDigest().toByteArray()),
            receipt.getRawSize(),
            receipt.getResult() == ChunkReceipt.Result.STORED);
    Tally tally = tallies.of(id);
    ChunkRow before = rows.get(id, receipt.getSeq());
    if (before == null) {
      rows.put(id, receipt.getSeq(), row);
      tally.add(receipt.getSeq(), row);
    } else if (!before.digest().equals(row.digest()) || before.size() != row.size()) {
      return end(
          id,
          status,
          State.FAILED,
          "two different chunks came as chunk %s: %s and %s"
              .formatted(place(receipt), before.digest(), row.digest()),
          at);
    }
    changed.add(id);
    if (status.getState() == State.SEALED) {
      Optional<UploadStatus> ended = endIfWhole(id, status, tally, at);
      if (ended.isPresent()) {
        return ended;
      }
    }
    heard(id, status);
    return Optional.empty();
  }

  private Optional<UploadStatus> seal(
      UploadId id, UploadStatus.Builder status, UploadEvent.Sealed sealed, RecordPosition at)
      throws IOException {
    UploadStatus.Builder before = status.clone();
    status
        .setState(State.SEALED)
        .setBlobDigest(sealed.getBlobDigest())
        .setSize(sealed.getSize())
        .setChunkCount(sealed.getChunkCount());
    if (before.getState() == State.SEALED && !SealedContent.isSame(before, status)) {
      return end(id, before, State.FAILED, "the upload was sealed twice, differently", at);
    }
    Optional<String> fault = SealedContent.fault(sealed);
    if (fault.isPresent()) {
      return end(id, before, State.FAILED, fault.get(), at);
    }
    keep(id, status);
    return endIfWhole(id, status, tallies.of(id), at);
  }

  private Optional<UploadStatus> endIfWhole(
      UploadId id, UploadStatus.Builder status, Tally tally, RecordPosition at) throws IOException {
    long expected = status.getChunkCount();
    if (tally.highestSeq() >= expected) {
      return end(
          id,
          status,
          State.FAILED,
          "chunk %s is out of range: the upload has %d chunks"
              .formatted(Long.toUnsignedString(tally.highestSeq()), expected),
          at);
    }
    if (tally.chunks() < expected) {
      return Optional.empty();
    }
    if (tally.bytes() != status.getSize()) {
      return end(
          id,
          status,
          State.FAILED,
          "the chunks have %d bytes (expected: %d)".formatted(tally.bytes(), status.getSize()),
          at);
    }
    Digest blob = Digest.of(status.getBlobDigest().toByteArray());
    if (expected == 1) {
      ChunkRow only = rows.get(id, 0);
      if (only == null || !only.digest().equals(blob)) {
        return end(id, status, State.FAILED, "the blob's digest is not that of its only chunk", at);
      }
    }
    Optional<String> conflict =
        publisher.publish(blob, expected, status.getSize(), () -> rows.stream(id));
    return conflict.isPresent()
        ? end(id, status, State.FAILED, conflict.get(), at)
        : end(id, status, State.COMPLETE, "", at);
  }

  private Optional<UploadStatus> end(
      UploadId id, UploadStatus.Builder status, State state, String reason, RecordPosition at) {
    UploadStatus ended =
        tallies
            .of(id)
            .addTo(status)
            .setState(state)
            .setReason(reason.length() > LONGEST_TEXT ? reason.substring(0, LONGEST_TEXT) : reason)
            .setUpdatedAtMs(clock.getAsLong())
            .build();
    headers.put(id, UploadHeader.newBuilder().setStatus(ended).setEndedBy(at).build());
    forget(id);
    return Optional.of(ended);
  }

  private void forget(UploadId id) {
    tallies.forget(id);
    changed.remove(id);
    clearLater(id);
  }

  private void clearLater(UploadId id) {
    deadlines.add(clock.getAsLong() + ROWS_STAY.toMillis(), id);
  }

  /**
   * Gives a final status again to the record that led to it: when that record comes again, the
   * status may never have been sent.
   */
  private Optional<UploadStatus> statusIfEndedBy(
      UploadId id, RecordPosition at, UploadHeader header) {
    if (!header.hasEndedBy() || !header.getEndedBy().equals(at)) {
      return Optional.empty();
    }
    clearLater(id);
    return Optional.of(header.getStatus());
  }

  /** A status that has changed. */
  record Change(UploadId id, UploadStatus status) {}

  /** Gives the present status of each upload that has come further since the last call. */
  List<Change> changes() {
    List<Change> statuses = new ArrayList<>(changed.size());
    for (UploadId id : changed) {
      UploadHeader header = headers.get(id);
      if (header != null) {
        statuses.add(
            new Change(
                id,
                tallies
                    .of(id)
                    .addTo(header.getStatus().toBuilder())
                    .setUpdatedAtMs(clock.getAsLong())
                    .build()));
      }
    }
    changed.clear();
    return statuses;
  }

  /**
   * Ends uploads of which nothing was heard for too long, and clears away what finished ones leave.
   */
  List<Change> expire() {
    List<Change> expired = new ArrayList<>();
    long now = clock.getAsLong();
    for (Deadlines.Deadline deadline : deadlines.due(now, DEADLINES_AT_A_TIME)) {
      UploadHeader header = headers.get(deadline.id());
      if (header != null) {
        look(deadline.id(), header, now).ifPresent(expired::add);
      }
      deadlines.remove(deadline);
    }
    return expired;
  }

  private Optional<Change> look(UploadId id, UploadHeader header, long now) {
    UploadStatus status = header.getStatus();
    if (UploadStates.isFinal(status.getState())) {
      if (status.getUpdatedAtMs() + ROWS_STAY.toMillis() <= now) {
        rows.deleteAll(id);
      }
      // No record comes again for what time did, so an expiry is told twice, here and when it came.
      return status.getState() == State.EXPIRED
          ? Optional.of(new Change(id, status))
          : Optional.empty();
    }
    // After a start there may be records in the topics that came while nobody read them.
    long expiresAtMs =
        Math.max(status.getUpdatedAtMs() + expiryMs, startedAtMs + expiryMs / QUARTERS);
    if (expiresAtMs > now) {
      deadlines.add(expiresAtMs, id);
      return Optional.empty();
    }
    UploadStatus ended =
        tallies
            .of(id)
            .addTo(status.toBuilder())
            .setState(State.EXPIRED)
            .setReason("nothing was heard of the upload for " + Duration.ofMillis(expiryMs))
            .setUpdatedAtMs(now)
            .build();
    headers.put(id, UploadHeader.newBuilder().setStatus(ended).build());
    forget(id);
    return Optional.of(new Change(id, ended));
  }

  /**
   * Gives what is known of an upload. The first time that this task meets it, it gets a deadline,
   * even where it has a header: a crash may have left the header without its deadline.
   */
  private UploadStatus.Builder meet(UploadId id, @Nullable UploadHeader header) {
    if (!tallies.hold(id)) {
      Tally unused = tallies.of(id);
      deadlines.add(clock.getAsLong() + expiryMs, id);
    }
    return header == null
        ? UploadStatus.newBuilder().setState(State.OPEN)
        : header.getStatus().toBuilder();
  }

  private void keep(UploadId id, UploadStatus.Builder status) {
    headers.put(
        id, UploadHeader.newBuilder().setStatus(status.setUpdatedAtMs(clock.getAsLong())).build());
    changed.add(id);
  }

  /**
   * Notes that something was heard of the upload, without writing its header for each of its
   * chunks.
   */
  private void heard(UploadId id, UploadStatus.Builder status) {
    if (status.getUpdatedAtMs() + expiryMs / QUARTERS <= clock.getAsLong()) {
      keep(id, status);
    }
  }

  private static String place(ChunkReceipt receipt) {
    return Long.toUnsignedString(receipt.getSeq());
  }
}
