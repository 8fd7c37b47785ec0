package io.castore.audit.repair;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.ExpectedBlob;
import io.castore.audit.log.ListBody;
import io.castore.audit.log.StoreLog;
import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.audit.survey.ChunkCheck;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes blob objects anew from the lists that the log tells. Each is claimed before, so that no
 * collection that looks meanwhile takes it away.
 *
 * <p>Used once, by one thread.
 */
final class BlobRepair {
  private final ObjectStore store;
  private final StoreLog log;
  private final ChunkCheck check;
  private final OrderedWork chunker;
  private final Outcomes outcomes;
  private final AuditProgress progress;
  private final Table wanted;

  BlobRepair(
      ObjectStore store,
      StoreLog log,
      OrderedWork chunker,
      Outcomes outcomes,
      ScratchStore scratch,
      AuditProgress progress) {
    this.store = store;
    this.log = log;
    this.check = new ChunkCheck(store);
    this.chunker = chunker;
    this.outcomes = outcomes;
    this.progress = progress;
    wanted = new Table(scratch, 'b');
  }

  /** Takes a blob whose object is said to be damaged or missing. */
  void take(Digest blob) throws IOException {
    wanted.put(blob.toBytes(), new byte[0]);
  }

  /** Mends all that was taken, after their chunks. */
  void run() throws IOException {
    boolean[] any = {false};
    wanted.<IOException>visitAll(
        (key, nothing) -> {
          Digest blob = Digest.of(key);
          Optional<String> obstacle = obstacle(log.blob(blob));
          if (obstacle.isPresent()) {
            outcomes.put(new BucketObject.Blob(blob), Result.LEFT, obstacle.get());
            wanted.remove(key);
          } else {
            chunker.orders().claim(blob);
            any[0] = true;
          }
        });
    if (!any[0]) {
      return;
    }
    chunker.settle(progress);
    progress.begin("writing blobs");
    wanted.<IOException>visitAll(
        (key, nothing) -> {
          Optional<ExpectedBlob> blob = log.blob(Digest.of(key));
          if (blob.isPresent()) {
            mend(blob.get());
          }
        });
  }

  private static Optional<String> obstacle(Optional<ExpectedBlob> blob) {
    if (blob.isEmpty()) {
      return Optional.of("no upload of the log made this blob");
    }
    if (!blob.get().isLive()) {
      return Optional.of("the blob was dropped, and no upload has made it since");
    }
    return blob.get().isListWhole()
        ? Optional.empty()
        : Optional.of("the log lacks receipts of its chunks, so that its list is not known");
  }

  private void mend(ExpectedBlob blob) throws IOException {
    progress.count(0);
    BucketObject.Blob object = new BucketObject.Blob(blob.digest());
    long[] lacking = {0};
    log.<IOException>visitChunks(
        blob,
        chunk -> {
          if (!(check.glance(chunk.digest()) instanceof ChunkCondition.Unread)) {
            lacking[0]++;
          }
        });
    if (lacking[0] > 0) {
      outcomes.put(
          object,
          Result.LEFT,
          "%d of its %d chunks are not in the store".formatted(lacking[0], blob.chunkCount()));
    } else {
      store.put(object.key(), ListBody.of(log, blob));
      outcomes.put(object, Result.MENDED, "");
    }
  }
}
