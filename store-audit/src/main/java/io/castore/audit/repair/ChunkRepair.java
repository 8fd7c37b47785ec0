package io.castore.audit.repair;

import io.castore.audit.AuditProgress;
import io.castore.audit.payload.PayloadScan;
import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.audit.survey.ChunkCheck;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;

/**
 * Has chunks put back from the topic of chunks, and forgotten where it does not hold their bytes
 * any more. The chunker does both, so that it never believes in a chunk that is not there.
 *
 * <p>Used once, by one thread.
 */
final class ChunkRepair {
  private final CastoreConfig config;
  private final ChunkCheck check;
  private final OrderedWork chunker;
  private final Outcomes outcomes;
  private final AuditProgress progress;
  private final Table wanted;
  private final Table restored;

  ChunkRepair(
      CastoreConfig config,
      ObjectReader store,
      OrderedWork chunker,
      Outcomes outcomes,
      ScratchStore scratch,
      AuditProgress progress) {
    this.config = config;
    this.check = new ChunkCheck(store);
    this.chunker = chunker;
    this.outcomes = outcomes;
    this.progress = progress;
    wanted = new Table(scratch, 'w');
    restored = new Table(scratch, 'r');
  }

  /** Takes a chunk that is said to be damaged or missing. */
  void take(Digest chunk) throws IOException {
    progress.count(0);
    if (check.check(chunk) instanceof ChunkCondition.Whole) {
      outcomes.put(new BucketObject.Chunk(chunk), Result.WAS_WHOLE, "");
    } else {
      wanted.put(chunk.toBytes(), new byte[0]);
    }
  }

  /** Mends all that was taken. */
  void run() throws IOException {
    new PayloadScan(config, progress)
        .find(
            wanted,
            (chunk, payload) -> {
              restored.put(chunk.toBytes(), new byte[0]);
              chunker.orders().restore(chunk, payload.rawSize(), payload.frame());
            });
    wanted.<IOException>visitAll((chunk, nothing) -> chunker.orders().forget(Digest.of(chunk)));
    chunker.settle(progress);
    progress.begin("checking what was put back");
    restored.<IOException>visitAll((chunk, nothing) -> confirm(Digest.of(chunk)));
    wanted.<IOException>visitAll(
        (chunk, nothing) ->
            outcomes.put(
                new BucketObject.Chunk(Digest.of(chunk)),
                Result.FORGOTTEN,
                "its bytes are in no record of topic "
                    + config.topics().chunks()
                    + " any more; the next upload of them stores it"));
  }

  private void confirm(Digest chunk) throws IOException {
    progress.count(0);
    BucketObject.Chunk object = new BucketObject.Chunk(chunk);
    ChunkCondition now = check.check(chunk);
    if (now instanceof ChunkCondition.Whole) {
      outcomes.put(object, Result.MENDED, "");
    } else {
      outcomes.put(
          object,
          Result.LEFT,
          "the chunker was given its bytes, and the store has "
              + (now instanceof ChunkCondition.Damaged damaged ? damaged.reason() : "no object"));
    }
  }
}
