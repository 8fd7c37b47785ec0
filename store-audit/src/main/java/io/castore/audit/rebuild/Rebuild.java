package io.castore.audit.rebuild;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.audit.survey.ReadRate;
import io.castore.audit.survey.Workers;
import io.castore.audit.table.Table;
import io.castore.audit.verify.BlobCheck;
import io.castore.audit.verify.Findings;
import io.castore.content.digest.Blake3;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.orders.ChunkOrders;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Fills a store from the topics: chunks from the payloads that are still in the topic of chunks,
 * blob objects from the lists of chunks that the receipts tell.
 *
 * <p>What is in the store and whole stays. What cannot be rebuilt is named. Several processes that
 * rebuild the same store as of the same time share the work.
 *
 * <p>Used once, by one thread.
 */
public final class Rebuild implements AutoCloseable {
  private static final int GROUP_CHARACTERS = 8;

  private final CastoreConfig config;
  private final Target target;
  private final StoreLog log;
  private final AuditProgress progress;
  private final ScratchStore scratch;
  private final Workers workers = new Workers(Workers.DEFAULT_THREADS);
  private final ChunkSurvey survey;
  private final Findings lost;
  private final ChunkRebuild chunks;
  private final BlobRebuild blobs;

  private Rebuild(
      CastoreConfig config,
      Target target,
      StoreLog log,
      Path directory,
      AuditProgress progress,
      ScratchStore scratch) {
    this.config = config;
    this.target = target;
    this.log = log;
    this.progress = progress;
    this.scratch = scratch;
    ObjectStore store = target.store();
    survey = new ChunkSurvey(store, scratch, workers, ReadRate.UNLIMITED, progress);
    lost = new Findings(scratch, Optional.of(log));
    BlobCheck check =
        new BlobCheck(store, survey, Optional.of(log), lost, directory, Optional.empty());
    chunks =
        new ChunkRebuild(config, store, log, survey, workers, new Table(scratch, 'W'), progress);
    blobs = new BlobRebuild(store, log, survey, check, lost, workers, progress);
  }

  /**
   * What is filled.
   *
   * @param store belongs to the caller
   * @param storeId identity of the store that the log tells of
   * @param at what was complete by then is rebuilt, where it is given; such a store is a copy, and
   *     gets no identity
   */
  public record Target(ObjectStore store, String storeId, Optional<Instant> at) {}

  /**
   * Prepares to fill a store.
   *
   * @param log what should be in it
   * @param directory for what is too much for memory
   * @throws IOException if the directory cannot be used
   */
  public static Rebuild open(
      CastoreConfig config, Target target, StoreLog log, Path directory, AuditProgress progress)
      throws IOException {
    ScratchStore scratch = ScratchStore.open(directory);
    try {
      return new Rebuild(config, target, log, directory, progress, scratch);
    } catch (RuntimeException failed) {
      scratch.close();
      throw failed;
    }
  }

  /**
   * Fills the store.
   *
   * @throws IOException if the store or the directory cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public RebuildSummary run() throws IOException {
    chunks.run(group());
    blobs.run();
    long forgotten = 0;
    boolean wroteIdentity = false;
    if (target.at().isEmpty()) {
      forgotten = forgetWhatIsGone();
      // Services wait while there is none, and go on when all is in its place.
      wroteIdentity = writeIdentity();
    }
    return new RebuildSummary(
        chunks.expected(),
        chunks.written(),
        chunks.bytesWritten(),
        chunks.lost(),
        blobs.expected(),
        blobs.written(),
        blobs.lost(),
        forgotten,
        wroteIdentity);
  }

  private String group() {
    String run =
        target.store().url()
            + " "
            + target.storeId()
            + " "
            + target.at().map(Instant::toString).orElse("");
    String name = Blake3.hash(run.getBytes(StandardCharsets.UTF_8)).toHex();
    return config.topics().prefix() + "rebuild-" + name.substring(0, GROUP_CHARACTERS);
  }

  /**
   * The chunker believes in every chunk that it was ever told is stored, also in those that no blob
   * needs any more. What the store does not hold now must not be taken for stored.
   */
  private long forgetWhatIsGone() throws IOException {
    progress.begin("forgetting chunks that are gone");
    long[] forgotten = {0};
    try (ChunkOrders orders = ChunkOrders.open(config, target.storeId())) {
      log.<IOException>visitEverStored(
          chunk -> {
            Optional<ChunkCondition> seen = survey.seen(chunk.digest());
            if (seen.isEmpty() || !(seen.get() instanceof ChunkCondition.Whole)) {
              orders.forget(chunk.digest());
              forgotten[0]++;
              progress.count(0);
            }
          });
      if (forgotten[0] > 0) {
        orders.flush();
      }
    }
    return forgotten[0];
  }

  private boolean writeIdentity() throws IOException {
    try {
      if (StoreIdentity.find(target.store()).isPresent()) {
        return false;
      }
    } catch (CorruptObjectException damaged) {
      // Replaced below.
    }
    new StoreIdentity(
            target.storeId(), InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS))
        .writeTo(target.store());
    return true;
  }

  /** What could not be rebuilt, and the blobs that it hits. */
  public Findings lost() {
    return lost;
  }

  @Override
  public void close() {
    workers.close();
    scratch.close();
  }
}
