package io.castore.audit.repair;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.audit.repair.RepairOutcome.Result;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Mends what a verification found, from the topics, while the services run: chunks through the
 * chunker, then the objects of blobs.
 *
 * <p>Used once, by one thread.
 */
public final class Repair implements AutoCloseable {
  private final ScratchStore scratch;
  private final Outcomes outcomes;
  private final ChunkRepair chunks;
  private final BlobRepair blobs;
  private final AuditProgress progress;

  private Repair(
      CastoreConfig config,
      ObjectStore store,
      StoreLog log,
      OrderedWork chunker,
      ScratchStore scratch,
      AuditProgress progress) {
    this.scratch = scratch;
    this.progress = progress;
    outcomes = new Outcomes(scratch);
    chunks = new ChunkRepair(config, store, chunker, outcomes, scratch, progress);
    blobs = new BlobRepair(store, log, chunker, outcomes, scratch, progress);
  }

  /**
   * Prepares to mend a store.
   *
   * @param store belongs to the caller
   * @param log what should be in it
   * @param chunker the one that works for the store; has to run
   * @param directory for what is too much for memory
   * @throws IOException if the directory cannot be used
   */
  public static Repair open(
      CastoreConfig config,
      ObjectStore store,
      StoreLog log,
      OrderedWork chunker,
      Path directory,
      AuditProgress progress)
      throws IOException {
    return new Repair(config, store, log, chunker, ScratchStore.open(directory), progress);
  }

  /**
   * Takes an object that is said to be damaged or missing.
   *
   * @throws IOException if the store cannot be used
   */
  public void take(BucketObject object) throws IOException {
    if (object instanceof BucketObject.Chunk chunk) {
      chunks.take(chunk.digest());
    } else if (object instanceof BucketObject.Blob blob) {
      blobs.take(blob.digest());
    } else {
      outcomes.put(object, Result.LEFT, "only a rebuild gives a store its identity back");
    }
  }

  /**
   * Mends all that was taken.
   *
   * @return what became of each object
   * @throws IOException if the store or the directory cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached, or the chunker does
   *     not run
   */
  public Outcomes run() throws IOException {
    chunks.run();
    blobs.run();
    progress.begin("done");
    return outcomes;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
