package io.castore.audit.replay;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.Workers;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Computes from the topics what should have become of each upload, and what should be in the store,
 * and holds both against what is. The same log and store give the same report.
 *
 * <p>Used once, by one thread.
 */
public final class Replay implements AutoCloseable {
  private final ScratchStore scratch;
  private final Workers workers = new Workers(Workers.DEFAULT_THREADS);
  private final Differences differences;
  private final UploadRecords records;
  private final UploadReplay uploads;
  private final ObjectReplay objects;
  private final AuditProgress progress;

  private Replay(
      CastoreConfig config,
      ObjectStore store,
      String storeId,
      StoreLog log,
      ReplayWindow window,
      ScratchStore scratch,
      AuditProgress progress) {
    this.scratch = scratch;
    this.progress = progress;
    differences = new Differences(scratch);
    records = new UploadRecords(config, storeId, scratch, progress);
    uploads = new UploadReplay(window, differences);
    objects = new ObjectReplay(store, log, window, differences, workers, scratch, progress);
  }

  /**
   * Prepares to compare.
   *
   * @param store belongs to the caller
   * @param log what should be in the store at the end of the window
   * @param directory for what is too much for memory
   * @throws IOException if the directory cannot be used
   */
  public static Replay open(
      CastoreConfig config,
      ObjectStore store,
      String storeId,
      StoreLog log,
      ReplayWindow window,
      Path directory,
      AuditProgress progress)
      throws IOException {
    return new Replay(config, store, storeId, log, window, ScratchStore.open(directory), progress);
  }

  /**
   * Compares.
   *
   * @throws IOException if the store or the directory cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public ReplaySummary run() throws IOException {
    records.read();
    progress.begin("comparing uploads");
    records.visit(uploads::compare);
    objects.run();
    return new ReplaySummary(
        uploads.states(),
        objects.blobs(),
        objects.bytes(),
        objects.chunks(),
        objects.chunkBytes(),
        differences.counts());
  }

  /** What differs. */
  public Differences differences() {
    return differences;
  }

  @Override
  public void close() {
    workers.close();
    scratch.close();
  }
}
