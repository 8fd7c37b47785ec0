package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drops blobs: from then on, the uploads that have been complete do not keep them any longer. They
 * stay readable until they are collected, and a new upload of the same content keeps them again.
 *
 * <p>Not thread-safe.
 */
public final class BlobDrops implements AutoCloseable {
  private final RootRules ruleLog;
  private final ObjectReader store;
  private final InstantSource clock;
  private final ScratchStore scratch;
  private final UploadTable uploads;
  private final RuleTable rules;
  private final LapsedBlobs lapsed;

  /**
   * Begins without having read anything.
   *
   * @param scratch a directory for what has no place in memory; made where it is missing
   * @throws IOException if the scratch directory cannot be used
   */
  public BlobDrops(
      UploadHistory history, RootRules rules, ObjectReader store, Path scratch, InstantSource clock)
      throws IOException {
    this.ruleLog = rules;
    this.store = store;
    this.clock = clock;
    this.scratch = ScratchStore.open(scratch);
    this.uploads = new UploadTable(history, this.scratch);
    this.rules = new RuleTable(rules, this.scratch);
    this.lapsed = new LapsedBlobs(uploads, this.rules, this.scratch);
  }

  /** Reads what is on record now. To be called before anything is dropped. */
  public void read() throws IOException {
    uploads.catchUp();
    rules.read();
  }

  /**
   * Drops one blob.
   *
   * @param reason for people
   * @throws RefusedException if it is pinned, if an upload on its way is sealed with it, or if
   *     there is no such blob
   * @throws IOException if the store cannot be used
   */
  public void drop(Digest blob, String reason) throws RefusedException, IOException {
    requireUnpinned(blob);
    Drop.Builder drop = Drop.newBuilder().setReason(reason);
    UploadTable.@Nullable Entry[] atWork = new UploadTable.Entry[1];
    uploads.visit(
        upload -> {
          if (upload.blob().equals(Optional.of(blob))) {
            if (upload.isComplete()) {
              DroppedUploads.add(drop, upload.id());
            }
            atWork[0] = upload.hasEnded() ? atWork[0] : upload;
          }
        });
    if (atWork[0] != null) {
      throw new RefusedException(
          "%s is not dropped: the upload %s of it has not ended (abort it, or drop the blob later)"
              .formatted(blob, atWork[0].id()));
    }
    if (drop.getUploadIdsCount() == 0 && store.stat(BucketLayout.blobKey(blob)).isEmpty()) {
      throw new RefusedException(
          "%s is not dropped: no complete upload has it, and the store has no such blob"
              .formatted(blob));
    }
    write(blob, LapsedBlobs.complete(drop, clock.instant(), uploads.readTo()));
  }

  /** Is told what is dropped. */
  @FunctionalInterface
  public interface Listener {
    /** One blob is, or would be. */
    void dropped(Digest blob);
  }

  /**
   * Drops the blobs whose complete uploads all are of sources whose names start with a prefix.
   *
   * @param olderThan only if they have been complete for longer
   * @param dryRun whether to tell them alone
   * @return how many
   */
  public long dropSources(String prefix, Duration olderThan, boolean dryRun, Listener listener)
      throws IOException {
    long found =
        lapsed.find(
            RetentionRules.of(new RetentionRule(prefix, olderThan, prefix)),
            "rm --source ",
            clock.instant(),
            (blob, rule) -> {
              listener.dropped(blob);
              if (!dryRun) {
                ruleLog.write(blob, rule);
              }
            });
    if (!dryRun) {
      lapsed.settle(ruleLog);
    }
    return found;
  }

  private void requireUnpinned(Digest blob) throws RefusedException, IOException {
    Optional<RootRule> rule = rules.get(blob);
    if (rule.isPresent() && rule.get().hasPin()) {
      throw new RefusedException(
          "%s is not dropped: it is pinned%s (unpin it first)"
              .formatted(blob, BlobPins.because(rule.get().getPin())));
    }
  }

  private void write(Digest blob, RootRule drop) throws RefusedException, IOException {
    ruleLog.write(blob, drop);
    ruleLog.flush();
    // Somebody else may have written meanwhile.
    rules.read();
    Optional<RootRule> again = rules.toRepeat(blob);
    if (again.isEmpty()) {
      return;
    }
    ruleLog.write(blob, again.get());
    ruleLog.flush();
    if (again.get().hasPin()) {
      throw new RefusedException("%s is not dropped: it was pinned meanwhile".formatted(blob));
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
