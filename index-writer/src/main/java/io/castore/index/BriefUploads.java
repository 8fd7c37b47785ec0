package io.castore.index;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import io.castore.proto.state.RecordPosition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Uploads of a single chunk between their first record and the next commit, in memory alone. Such
 * an upload is two records: one says what it is, and the other that its chunk is durable and its
 * blob claimed. Where both come and its blob is published before the next commit, it leaves nothing
 * in the stores but how it ended, and no status is told but the last one.
 *
 * <p>Nothing is lost by that: until the commit, its records come again after a crash. Whatever has
 * not ended by then is {@linkplain #write written}, and any record that does not fit is taken as if
 * there were none of this.
 *
 * <p>Belongs to one task, and is not thread-safe.
 */
final class BriefUploads {
  /** With names of at most a kilobyte some megabytes. The next ones are written at once. */
  private static final int MOST_IN_MEMORY = 10_000;

  private static final int LONGEST_EVENT = 1 << 10;

  private final UploadLedger ledger;
  private final UploadGatherer gatherer;
  private final Publications publications;
  private final String storeId;
  private final Map<UploadId, Records> uploads = new LinkedHashMap<>();

  /**
   * Begins with none.
   *
   * @param gatherer takes what is not brief
   * @param storeId receipts for other stores do not count
   */
  BriefUploads(
      UploadLedger ledger, UploadGatherer gatherer, Publications publications, String storeId) {
    this.ledger = ledger;
    this.gatherer = gatherer;
    this.publications = publications;
    this.storeId = storeId;
  }

  /**
   * What came of an upload, one of both at least.
   *
   * @param event says what it is
   * @param receipt says that its chunk is there
   * @param at where the later one stands
   */
  private record Records(
      @Nullable UploadEvent event, @Nullable ChunkReceipt receipt, RecordPosition at) {}

  /**
   * Takes what the producer says of its upload.
   *
   * @return whether it was taken; else it is to be taken by the gatherer
   */
  boolean take(UploadId id, UploadEvent event, RecordPosition at) {
    Records before = uploads.get(id);
    boolean fits = isBrief(event) && (before == null ? isNew(id) : before.event() == null);
    return fits
        ? keep(id, new Records(event, before == null ? null : before.receipt(), at))
        : leave(id);
  }

  /**
   * Takes what became of a chunk.
   *
   * @return whether it was taken; else it is to be taken by the gatherer
   */
  boolean take(UploadId id, ChunkReceipt receipt, RecordPosition at) {
    Records before = uploads.get(id);
    boolean fits = isBrief(receipt) && (before == null ? isNew(id) : before.receipt() == null);
    return fits
        ? keep(id, new Records(before == null ? null : before.event(), receipt, at))
        : leave(id);
  }

  private static boolean isBrief(UploadEvent event) {
    return event.hasWhole()
        && event.getWhole().getSealed().getChunkCount() == 1
        && SealedContent.fault(event.getWhole().getSealed()).isEmpty()
        && event.getSerializedSize() <= LONGEST_EVENT;
  }

  private boolean isBrief(ChunkReceipt receipt) {
    return receipt.getClaimed()
        && (receipt.getResult() == Result.STORED || receipt.getResult() == Result.DEDUPLICATED)
        && receipt.getSeq() == 0
        && receipt.getRawSize() > 0
        && receipt.getDigest().size() == Digest.LENGTH
        && receipt.getStoreId().equals(storeId);
  }

  private boolean isNew(UploadId id) {
    return uploads.size() < MOST_IN_MEMORY && ledger.get(id) == null;
  }

  private boolean keep(UploadId id, Records records) {
    UploadEvent event = records.event();
    ChunkReceipt receipt = records.receipt();
    if (event == null || receipt == null) {
      uploads.put(id, records);
      return true;
    }
    Sealed sealed = event.getWhole().getSealed();
    boolean isWhole =
        receipt.getDigest().equals(sealed.getBlobDigest())
            && receipt.getRawSize() == sealed.getSize();
    if (!isWhole || !publications.haveRoom()) {
      return leave(id);
    }
    uploads.put(id, records);
    ChunkRow row = row(receipt);
    ledger.beginBrief(id, row);
    publications.beginBrief(id, UploadLedger.headerOf(event.getWhole()), row, records.at());
    return true;
  }

  private boolean leave(UploadId id) {
    Records records = uploads.remove(id);
    if (records != null) {
      write(id, records);
    }
    return false;
  }

  /** Writes what has not ended into the stores. To be called before each commit. */
  void write() {
    uploads.forEach(this::write);
    uploads.clear();
  }

  private void write(UploadId id, Records records) {
    UploadEvent event = records.event();
    ChunkReceipt receipt = records.receipt();
    try {
      if (receipt == null) {
        gatherer.take(id, event(event), records.at());
      } else if (event == null) {
        gatherer.take(id, receipt, records.at());
      } else if (ledger.isBrief(id)) {
        gatherer.gather(id, event.getWhole(), row(receipt));
        publications.lookAgain(id);
      }
    } catch (UnusableRecordException impossible) {
      throw new IllegalStateException("a record was usable before", impossible);
    }
    ledger.introduce();
  }

  private static UploadEvent event(@Nullable UploadEvent event) {
    if (event == null) {
      throw new IllegalStateException("an upload without a record");
    }
    return event;
  }

  private static ChunkRow row(ChunkReceipt receipt) {
    try {
      return ChunkRow.of(
          receipt,
          receipt.getResult() == Result.STORED
              ? ChunkRow.State.STORED
              : ChunkRow.State.DEDUPLICATED);
    } catch (UnusableRecordException impossible) {
      throw new IllegalStateException("the receipt was usable before", impossible);
    }
  }
}
