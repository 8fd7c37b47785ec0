package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the blobs of which every complete upload has lapsed by a rule of retention. One that is
 * pinned, or that an upload on its way is sealed with, is none.
 *
 * <p>Not thread-safe.
 */
final class LapsedBlobs {
  private static final byte[] KEPT = {};

  private final UploadTable uploads;
  private final RuleTable rules;
  private final DigestTable blobs;

  LapsedBlobs(UploadTable uploads, RuleTable rules, ScratchStore scratch) {
    this.uploads = uploads;
    this.rules = rules;
    blobs = new DigestTable(scratch, ScratchKeys.LAPSING);
  }

  /** Takes what is to be dropped. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next blob. */
    void visit(Digest blob, RootRule drop) throws IOException;
  }

  /**
   * Finds them as of what the tables hold.
   *
   * @param reason what the rules' texts are put behind
   * @return how many there are
   */
  long find(RetentionRules retention, String reason, Instant now, Visitor visitor)
      throws IOException {
    blobs.clear();
    uploads.visit(
        upload -> {
          Optional<Digest> blob = upload.blob();
          if (blob.isPresent()) {
            judge(upload, blob.get(), retention, now);
          }
        });
    long[] found = {0};
    blobs.visit(
        (blob, rule) -> {
          if (rule.length > 0) {
            found[0]++;
            Drop.Builder drop = Drop.newBuilder().mergeFrom(rule);
            visitor.visit(
                blob, complete(drop.setReason(reason + drop.getReason()), now, uploads.readTo()));
          }
        });
    return found[0];
  }

  /**
   * Waits until what was found and written is on record. What came meanwhile and counts is written
   * once more: the newest record of a blob alone outlives compaction.
   */
  void settle(RootRules log) throws IOException {
    log.flush();
    rules.read();
    blobs.visit(
        (blob, rule) -> {
          Optional<RootRule> again = rules.toRepeat(blob);
          if (rule.length > 0 && again.isPresent()) {
            log.write(blob, again.get());
          }
        });
    log.flush();
  }

  private void judge(UploadTable.Entry upload, Digest blob, RetentionRules retention, Instant now)
      throws IOException {
    if (!upload.hasEnded()) {
      blobs.put(blob, KEPT);
      return;
    }
    Optional<RootRule> rule = rules.get(blob);
    if (!upload.isComplete()
        || (rule.isPresent()
            && rule.get().hasDrop()
            && RuleTable.isDropped(upload, rule.get().getDrop()))) {
      return;
    }
    Optional<RetentionRule> lapsedBy =
        retention
            .ruleFor(upload.status().getSource())
            .filter(
                one ->
                    Instant.ofEpochMilli(upload.status().getUpdatedAtMs())
                        .isBefore(now.minus(one.age())));
    if (lapsedBy.isEmpty() || (rule.isPresent() && rule.get().hasPin())) {
      blobs.put(blob, KEPT);
    } else {
      Optional<byte[]> before = blobs.get(blob);
      if (before.isEmpty() || before.get().length > 0) {
        Drop.Builder drop =
            before.isPresent()
                ? Drop.newBuilder().mergeFrom(before.get())
                : Drop.newBuilder().setReason(lapsedBy.get().text());
        DroppedUploads.add(drop, upload.id());
        blobs.put(blob, drop.build().toByteArray());
      }
    }
  }

  /**
   * Completes the rule that drops a blob.
   *
   * @param drop has its reason and its uploads
   * @param statusEnds up to where the statuses are known, by partition
   */
  static RootRule complete(Drop.Builder drop, Instant now, Map<Integer, Long> statusEnds) {
    drop.setDroppedAtMs(now.toEpochMilli());
    int partitions = statusEnds.keySet().stream().mapToInt(one -> one + 1).max().orElse(0);
    for (int partition = 0; partition < partitions; partition++) {
      drop.addStatusEnds(statusEnds.getOrDefault(partition, 0L));
    }
    return RootRule.newBuilder().setDrop(drop).build();
  }
}
