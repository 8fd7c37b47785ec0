package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the log says is needed: the chunks and the blobs of uploads that have not ended, and the
 * blobs of uploads that were complete after the blob was dropped.
 *
 * <p>Not thread-safe.
 */
final class Needed {
  /** How far clocks may differ, or go back. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  private final UploadHistory history;
  private final UploadTable uploads;
  private final RuleTable rules;
  private final LostBlobs lost;
  private final DigestTable chunks;
  private final DigestTable keptBlobs;
  private final DigestTable facts;

  /**
   * Begins without having read anything.
   *
   * @param lost is told which blobs complete uploads keep
   */
  Needed(
      UploadHistory history,
      UploadTable uploads,
      RuleTable rules,
      LostBlobs lost,
      ScratchStore scratch) {
    this.history = history;
    this.uploads = uploads;
    this.rules = rules;
    this.lost = lost;
    chunks = new DigestTable(scratch, ScratchKeys.LIVE);
    keptBlobs = new DigestTable(scratch, ScratchKeys.KEPT_BLOBS);
    facts = new DigestTable(scratch, ScratchKeys.FACTS);
  }

  /**
   * What complete uploads of a blob say.
   *
   * @param size length of the blob, in bytes
   * @param fewestChunks of how many chunks it was, in the upload with the fewest
   */
  record Facts(long size, long fewestChunks) {
    private byte[] encode() {
      return ByteBuffer.allocate(2 * Long.BYTES).putLong(size).putLong(fewestChunks).array();
    }

    private static Facts decode(byte[] value) {
      ByteBuffer buffer = ByteBuffer.wrap(value);
      return new Facts(buffer.getLong(), buffer.getLong());
    }
  }

  /**
   * Reads what is needed by now.
   *
   * @param indexed up to where receipts were taken in before the marks were made: each upload of
   *     which there is one has a status
   * @param endedSince uploads that ended in vain later than this count as if they had not ended:
   *     one who was cut off may still be at work on them
   * @return how many uploads have not ended
   */
  long read(Map<Integer, Long> indexed, Instant endedSince) throws IOException {
    Instant[] oldest = {Instant.MAX};
    long[] unfinished = {0};
    uploads.visit(
        upload -> {
          if (isAtWork(upload, endedSince)) {
            unfinished[0]++;
            Instant begun = upload.begunAfter();
            oldest[0] = begun.isBefore(oldest[0]) ? begun : oldest[0];
            Optional<Digest> blob = upload.blob();
            if (blob.isPresent()) {
              keptBlobs.add(blob.get());
            }
          } else if (upload.isComplete()) {
            complete(upload);
          }
        });
    Map<Integer, Long> from = new HashMap<>(indexed);
    Map<Integer, Long> ends = history.receiptEnds();
    if (unfinished[0] > 0) {
      Map<Integer, Long> first = history.receiptsAt(earlier(oldest[0]));
      ends.keySet()
          .forEach(
              partition -> from.merge(partition, first.getOrDefault(partition, 0L), Math::min));
    }
    history.readReceipts(
        from,
        ends,
        (id, receipt) -> {
          Optional<UploadTable.Entry> upload = uploads.get(id);
          if (upload.isEmpty() || isAtWork(upload.get(), endedSince)) {
            take(receipt);
          }
        });
    return unfinished[0];
  }

  private static Instant earlier(Instant time) {
    return time.isBefore(Instant.EPOCH.plus(CLOCKS)) ? Instant.EPOCH : time.minus(CLOCKS);
  }

  private static boolean isAtWork(UploadTable.Entry upload, Instant endedSince) {
    return !upload.hasEnded()
        || (!upload.isComplete()
            && Instant.ofEpochMilli(upload.status().getUpdatedAtMs()).isAfter(endedSince));
  }

  private void complete(UploadTable.Entry upload) throws IOException {
    Optional<Digest> blob = upload.blob();
    if (blob.isEmpty()) {
      return;
    }
    Optional<Drop> drop = rules.drop(blob.get());
    if (drop.isEmpty()) {
      lost.expect(blob.get(), upload);
    } else if (!RuleTable.isDropped(upload, drop.get())) {
      lost.expect(blob.get(), upload);
      keptBlobs.add(blob.get());
    }
    Facts told = new Facts(upload.status().getSize(), upload.status().getChunkCount());
    Optional<Facts> before = facts(blob.get());
    if (before.isEmpty() || before.get().fewestChunks() > told.fewestChunks()) {
      facts.put(blob.get(), told.encode());
    }
  }

  private void take(ChunkReceipt receipt) throws IOException {
    if (receipt.getDigest().size() != Digest.LENGTH) {
      return;
    }
    Digest digest = Digest.of(receipt.getDigest().toByteArray());
    if (receipt.getClaimed()) {
      keptBlobs.add(digest);
    }
    switch (receipt.getResult()) {
      case STORED, DEDUPLICATED -> chunks.add(digest);
      case CLAIMED -> keptBlobs.add(digest);
      case REJECTED, MISSING, RESULT_UNSPECIFIED, UNRECOGNIZED -> {}
    }
  }

  Optional<Facts> facts(Digest blob) throws IOException {
    return facts.get(blob).map(Facts::decode);
  }

  /**
   * Gives the rule by which a blob goes.
   *
   * @return empty where there is none, or something keeps the blob all the same
   */
  Optional<Drop> dropped(Digest blob) throws IOException {
    return keptBlobs.contains(blob) ? Optional.empty() : rules.drop(blob);
  }
}
