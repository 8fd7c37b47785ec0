package io.castore.audit.rebuild;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.ExpectedBlob;
import io.castore.audit.log.ListBody;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.audit.survey.Workers;
import io.castore.audit.verify.BlobCheck;
import io.castore.audit.verify.BlobCondition;
import io.castore.audit.verify.Findings;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the blob objects that the log says should be in a store and are not, once their chunks are
 * there, and names the blobs that cannot be read.
 *
 * <p>Used once, by one thread.
 */
final class BlobRebuild {
  private final ObjectStore store;
  private final StoreLog log;
  private final ChunkSurvey survey;
  private final BlobCheck check;
  private final Findings lost;
  private final Workers workers;
  private final AuditProgress progress;
  private final LongAdder expected = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder lostCount = new LongAdder();

  /**
   * Prepares to write.
   *
   * @param lost is told of what cannot be read
   */
  BlobRebuild(
      ObjectStore store,
      StoreLog log,
      ChunkSurvey survey,
      BlobCheck check,
      Findings lost,
      Workers workers,
      AuditProgress progress) {
    this.store = store;
    this.log = log;
    this.survey = survey;
    this.check = check;
    this.lost = lost;
    this.workers = workers;
    this.progress = progress;
  }

  void run() throws IOException {
    progress.begin("writing blobs");
    log.<IOException>visitBlobs(blob -> workers.submit(() -> rebuild(blob)));
    workers.drain();
  }

  private void rebuild(ExpectedBlob blob) throws IOException {
    expected.increment();
    progress.count(0);
    BucketObject.Blob object = new BucketObject.Blob(blob.digest());
    boolean isThere = check.check(blob.digest()) instanceof BlobCondition.Whole;
    long lacking = lacking(blob);
    if (lacking > 0) {
      lose(
          object,
          isThere,
          lacking + " of its " + blob.chunkCount() + " chunks could not be rebuilt");
    } else if (!isThere && !blob.isListWhole()) {
      lose(object, false, "the log lacks receipts of its chunks, so that its list is not known");
    } else if (!isThere) {
      store.put(object.key(), ListBody.of(log, blob));
      written.increment();
    }
  }

  private void lose(BucketObject.Blob object, boolean isThere, String reason) throws IOException {
    lostCount.increment();
    if (isThere) {
      lost.damaged(object, reason);
    } else {
      lost.missing(object, reason);
    }
  }

  private long lacking(ExpectedBlob blob) throws IOException {
    long[] lacking = {0};
    log.<IOException>visitChunks(
        blob,
        chunk -> {
          if (!(survey.condition(chunk.digest()) instanceof ChunkCondition.Whole)) {
            lacking[0]++;
          }
        });
    return lacking[0];
  }

  long expected() {
    return expected.sum();
  }

  long written() {
    return written.sum();
  }

  long lost() {
    return lostCount.sum();
  }
}
