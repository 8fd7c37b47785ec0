package io.castore.index;

import io.castore.pipeline.records.UploadEvents;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus.State;
import io.castore.proto.state.RecordPosition;
import io.castore.proto.state.UploadHeader;
import java.util.Optional;

/**
 * Gathers what is said of each upload, in whatever order and however often it comes, until the
 * upload is whole or cannot be.
 *
 * <p>A crash may leave any part of what was written to the three stores for a record, and then the
 * record comes again, perhaps in another order to records of the other topic. So each store by
 * itself is always in a state from which doing it again ends well: a row goes from missing to there
 * and never back, counts are made from rows, and how an upload ended is told to nobody before that
 * is durable ({@link UntoldEnds}).
 *
 * <p>Not thread-safe.
 */
final class UploadGatherer {
  /** What tells a version of a source is kept and sent on with every status, too. */
  private static final int LONGEST_VERSION_TEXT = 1 << 10;

  private final UploadLedger ledger;
  private final ChunkRows rows;
  private final Completion completion;
  private final ChunkAsker asker;
  private final BlobClaims claims;
  private final String storeId;

  /**
   * Gathers into a ledger and rows.
   *
   * @param storeId receipts for other stores do not count
   */
  UploadGatherer(
      UploadLedger ledger,
      ChunkRows rows,
      Completion completion,
      ChunkAsker asker,
      BlobClaims claims,
      String storeId) {
    this.ledger = ledger;
    this.rows = rows;
    this.completion = completion;
    this.asker = asker;
    this.claims = claims;
    this.storeId = storeId;
  }

  /**
   * Takes what the producer says of its upload.
   *
   * @param at where the record stands
   * @throws UnusableRecordException if the record is at fault
   */
  void take(UploadId id, UploadEvent event, RecordPosition at) throws UnusableRecordException {
    requireUsable(event);
    Optional<UploadHeader> listening = listening(id, at);
    if (listening.isEmpty()) {
      return;
    }
    UploadHeader upload = listening.get();
    switch (event.getEventCase()) {
      case OPENED -> {
        UploadHeader unused = ledger.keep(id, opened(upload, event.getOpened()));
      }
      case WHOLE -> whole(id, upload, event.getWhole(), at);
      case SEALED ->
          seal(id, upload, event.getSealed(), at).ifPresent(kept -> claims.claim(id, kept));
      case ABORTED -> ledger.end(id, upload, State.ABORTED, event.getAborted().getReason(), at);
      case EVENT_NOT_SET -> throw new AssertionError("unusable");
    }
  }

  private static void requireUsable(UploadEvent event) throws UnusableRecordException {
    if (event.getEventCase() == UploadEvent.EventCase.EVENT_NOT_SET) {
      throw new UnusableRecordException("the event is none that this version knows");
    }
    UploadEvent.Opened opened = UploadEvents.opened(event);
    requireShort("name", opened.getSource(), UploadLedger.LONGEST_TEXT);
    requireShort("etag", opened.getVersion().getEtag(), LONGEST_VERSION_TEXT);
    requireShort("sequencer", opened.getVersion().getSequencer(), LONGEST_VERSION_TEXT);
  }

  private static void requireShort(String what, String text, int longest)
      throws UnusableRecordException {
    if (text.length() > longest) {
      throw new UnusableRecordException(
          "the source's %s has %d characters (expected: at most %d)"
              .formatted(what, text.length(), longest));
    }
  }

  /** Gives what is known of an upload, or empty where it takes no more records. */
  private Optional<UploadHeader> listening(UploadId id, RecordPosition at) {
    UploadHeader known = ledger.get(id);
    if (known != null && UploadLedger.isFinal(known)) {
      ledger.tellAgain(id, known, at);
      return Optional.empty();
    }
    UploadHeader upload = ledger.meet(id, known);
    boolean isSettled = UploadLedger.isSealed(upload) && completion.settle(id, upload, at);
    return isSettled ? Optional.empty() : Optional.of(upload);
  }

  private static UploadHeader.Builder opened(UploadHeader upload, UploadEvent.Opened opened) {
    UploadHeader.Builder header = upload.toBuilder();
    UploadLedger.open(header, opened);
    return header;
  }

  /**
   * Opens and seals an upload. Whose producer says both at once has its only chunk claim the blob:
   * should that not come about, it is claimed when the chunk is there.
   */
  private void whole(UploadId id, UploadHeader upload, UploadEvent.Whole whole, RecordPosition at) {
    UploadHeader opened = opened(upload, whole.getOpened()).build();
    seal(id, opened, whole.getSealed(), at)
        .filter(kept -> kept.getStatus().getChunkCount() != 1)
        .ifPresent(kept -> claims.claim(id, kept));
  }

  /** Returns the upload where nobody has claimed its blob, as far as is known. */
  private Optional<UploadHeader> seal(
      UploadId id, UploadHeader upload, UploadEvent.Sealed sealed, RecordPosition at) {
    if (UploadLedger.isSealed(upload) && !SealedContent.isSame(upload.getStatus(), sealed)) {
      ledger.end(id, upload, State.FAILED, "the upload was sealed twice, differently", at);
      return Optional.empty();
    }
    Optional<String> fault = SealedContent.fault(sealed);
    if (fault.isPresent()) {
      ledger.end(id, upload, State.FAILED, fault.get(), at);
      return Optional.empty();
    }
    UploadHeader.Builder header = upload.toBuilder();
    UploadLedger.seal(header, sealed);
    UploadHeader kept = ledger.seal(id, upload, header);
    return !completion.settle(id, kept, at) && BlobClaims.isWanted(kept)
        ? Optional.of(kept)
        : Optional.empty();
  }

  /**
   * Writes what is known of an upload that is being published, and of which nothing was written.
   *
   * @param only its only chunk
   */
  void gather(UploadId id, UploadEvent.Whole whole, ChunkRow only) {
    ledger.keepBrief(id, UploadLedger.headerOf(whole));
    rows.put(id, 0, only);
  }

  /**
   * Takes what became of one chunk.
   *
   * @param at where the record stands
   * @throws UnusableRecordException if the record is at fault
   */
  void take(UploadId id, ChunkReceipt receipt, RecordPosition at) throws UnusableRecordException {
    switch (receipt.getResult()) {
      case REJECTED -> reject(id, receipt, at);
      case STORED -> add(id, receipt, ChunkRow.of(receipt, ChunkRow.State.STORED), at);
      case DEDUPLICATED -> add(id, receipt, ChunkRow.of(receipt, ChunkRow.State.DEDUPLICATED), at);
      case MISSING -> add(id, receipt, ChunkRow.of(receipt, ChunkRow.State.MISSING), at);
      case CLAIMED -> claimed(id, receipt, at);
      case RESULT_UNSPECIFIED, UNRECOGNIZED ->
          throw new UnusableRecordException("the receipt's result is none that this version knows");
    }
  }

  private void reject(UploadId id, ChunkReceipt receipt, RecordPosition at) {
    listening(id, at)
        .ifPresent(
            upload ->
                ledger.end(
                    id,
                    upload,
                    State.FAILED,
                    "chunk %s was rejected: %s".formatted(place(receipt), receipt.getReason()),
                    at));
  }

  /**
   * Takes an answer to a claim. One that comes while the upload is not sealed, since a crash lost
   * its seal, is not needed: the seal comes again, and has the blob claimed again.
   */
  private void claimed(UploadId id, ChunkReceipt receipt, RecordPosition at) {
    Optional<UploadHeader> listening = listeningWithHeader(id, at);
    if (listening.isEmpty()) {
      return;
    }
    UploadHeader upload = listening.get();
    if (!receipt.getStoreId().equals(storeId)
        || !BlobClaims.isWanted(upload)
        || !receipt.getDigest().equals(upload.getStatus().getBlobDigest())) {
      return;
    }
    claims.forget(id);
    UploadHeader claimed = ledger.keep(id, upload.toBuilder().setClaimed(true));
    boolean unused = completion.settle(id, claimed, at);
  }

  /** Notes that the blob was claimed with its only chunk, if that is so and was not noted yet. */
  private UploadHeader claimed(UploadId id, UploadHeader upload, ChunkReceipt receipt) {
    if (!receipt.getClaimed()
        || !BlobClaims.isWanted(upload)
        || !receipt.getDigest().equals(upload.getStatus().getBlobDigest())) {
      return upload;
    }
    claims.forget(id);
    return ledger.keep(id, upload.toBuilder().setClaimed(true));
  }

  /** Does the same, and makes the header, which is made by the first record whatever that is. */
  private Optional<UploadHeader> listeningWithHeader(UploadId id, RecordPosition at) {
    return listening(id, at)
        .map(
            upload ->
                upload.getStatus().getUpdatedAtMs() == 0
                    ? ledger.keep(id, upload.toBuilder())
                    : upload);
  }

  private void add(UploadId id, ChunkReceipt receipt, ChunkRow row, RecordPosition at) {
    Optional<UploadHeader> listening = listeningWithHeader(id, at);
    if (listening.isEmpty() || !receipt.getStoreId().equals(storeId)) {
      return;
    }
    UploadHeader upload = claimed(id, listening.get(), receipt);
    ChunkRow before = rows.get(id, receipt.getSeq());
    if (before != null && !before.isOfSameChunk(row)) {
      ledger.end(
          id,
          upload,
          State.FAILED,
          "two different chunks came as chunk %s: %s and %s"
              .formatted(place(receipt), before.digest(), row.digest()),
          at);
      return;
    }
    // What came first counts, but for a chunk that was not there and is now.
    boolean isNews = before == null || (row.isThere() && !before.isThere());
    if (isNews) {
      rows.put(id, receipt.getSeq(), row);
      ledger.tally(id).count(receipt.getSeq(), before, row);
      if (!row.isThere()) {
        asker.want(id, receipt.getSeq());
      } else if (before != null) {
        asker.answered(id);
      }
    }
    boolean isSettled = UploadLedger.isSealed(upload) && completion.settle(id, upload, at);
    // That a chunk is still missing keeps no upload from expiring.
    if (isNews && !isSettled) {
      ledger.heard(id, upload);
    }
  }

  private static String place(ChunkReceipt receipt) {
    return Long.toUnsignedString(receipt.getSeq());
  }
}
