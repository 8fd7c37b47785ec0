package io.castore.audit.verify;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.audit.survey.ReadRate;
import io.castore.audit.survey.Shards;
import io.castore.audit.survey.Workers;
import io.castore.audit.table.Table;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads a store and names every object that is damaged or missing, once.
 *
 * <p>First all chunks, then all blob objects, shard by shard; then what the log says that should be
 * there. Uploads may go on meanwhile.
 *
 * <p>Used once, by one thread.
 */
public final class Verification implements AutoCloseable {
  private static final double ALL = 100;

  private final ObjectStore store;
  private final String storeId;
  private final Optional<StoreLog> log;
  private final VerifyOptions options;
  private final AuditProgress progress;
  private final ScratchStore scratch;
  private final Findings findings;
  private final ChunkSurvey survey;
  private final Workers workers;
  private final Table blobsSeen;
  private final BlobCheck blobs;
  private final BlobCheck deepBlobs;
  private final VerifyState state;
  private final LongAdder chunkCount = new LongAdder();
  private final LongAdder chunksRead = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder blobCount = new LongAdder();

  private Verification(
      ObjectStore store,
      String storeId,
      Optional<StoreLog> log,
      VerifyOptions options,
      Directories directories,
      AuditProgress progress,
      ScratchStore scratch)
      throws IOException {
    this.store = store;
    this.storeId = storeId;
    this.log = log;
    this.options = options;
    this.progress = progress;
    this.scratch = scratch;
    ReadRate rate = new ReadRate(options.bytesPerSecond());
    workers = new Workers(options.threads());
    findings = new Findings(scratch, log);
    survey = new ChunkSurvey(store, scratch, workers, rate, progress);
    blobsSeen = new Table(scratch, 'O');
    Path lists = directories.scratch();
    blobs = new BlobCheck(store, survey, log, findings, lists, Optional.empty());
    deepBlobs = new BlobCheck(store, survey, log, findings, lists, Optional.of(rate));
    state = VerifyState.open(directories.state(), storeId, options, scratch);
    chunksRead.add(state.chunksRead());
    bytesRead.add(state.bytesRead());
  }

  /**
   * Where a verification keeps what it needs.
   *
   * @param scratch for what is too much for memory
   * @param state for what outlives the process, so that another one can go on
   */
  public record Directories(Path scratch, Path state) {}

  /**
   * Prepares to verify a store.
   *
   * @param store belongs to the caller
   * @param storeId the store's identity, as the log has it; the empty text where there is no log
   * @param log what should be in the store; empty where the store is verified by itself
   * @throws IOException if a directory cannot be used
   */
  public static Verification open(
      ObjectStore store,
      String storeId,
      Optional<StoreLog> log,
      VerifyOptions options,
      Directories directories,
      AuditProgress progress)
      throws IOException {
    ScratchStore scratch = ScratchStore.open(directories.scratch());
    try {
      return new Verification(store, storeId, log, options, directories, progress, scratch);
    } catch (IOException | RuntimeException failed) {
      scratch.close();
      throw failed;
    }
  }

  /**
   * Verifies the store.
   *
   * @throws IOException if the store or a directory cannot be used
   */
  public VerifySummary run() throws IOException {
    if (log.isPresent() && !storeId.isEmpty()) {
      checkIdentity();
    }
    progress.begin("reading chunks");
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      walkChunks(shard);
    }
    progress.begin(options.isDeep() ? "reading blobs" : "checking blobs");
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      walkBlobs(shard);
    }
    if (log.isPresent()) {
      progress.begin("looking for blobs of the log");
      log.get().<IOException>visitBlobs(blob -> lookFor(blob.digest()));
      workers.drain();
    }
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      survey.<IOException>visit(shard, this::nameDamaged);
    }
    VerifySummary summary = summary();
    state.finish();
    return summary;
  }

  private void checkIdentity() throws IOException {
    try {
      if (StoreIdentity.find(store).isEmpty()) {
        findings.missing(
            new BucketObject.Identity(), "no service works with this store without it");
      }
    } catch (CorruptObjectException damaged) {
      findings.damaged(new BucketObject.Identity(), damaged.reason());
    }
  }

  private void walkChunks(int shard) throws IOException {
    boolean isNew = shard >= state.chunkShards();
    ChunkSurvey.Walk walk =
        survey.walk(
            shard,
            isNew ? this::isInSample : chunk -> state.isSuspect(new BucketObject.Chunk(chunk)));
    chunkCount.add(walk.listed());
    if (isNew) {
      chunksRead.add(walk.read());
      bytesRead.add(walk.bytesRead());
      survey.<IOException>visit(
          shard,
          (chunk, condition) -> {
            if (condition instanceof ChunkCondition.Damaged) {
              state.damaged(new BucketObject.Chunk(chunk));
            }
          });
      state.chunksDone(shard + 1, chunksRead.sum(), bytesRead.sum());
    }
  }

  /** The end of a digest decides, since its start decides on the shard. */
  private boolean isInSample(Digest chunk) {
    long end = ByteBuffer.wrap(chunk.toBytes()).getLong(Digest.LENGTH - Long.BYTES) ^ state.salt();
    double place = (end >>> 11) * 0x1.0p-53;
    return place * ALL < options.samplePercent();
  }

  private void walkBlobs(int shard) throws IOException {
    store.list(
        Shards.blobs(shard),
        object -> {
          Optional<BucketObject> known = BucketLayout.parse(object.key());
          if (known.isPresent() && known.get() instanceof BucketObject.Blob blob) {
            workers.submit(() -> look(blob, shard));
          }
        });
    workers.drain();
    if (shard >= state.blobShards()) {
      state.blobsDone(shard + 1);
    }
  }

  private void look(BucketObject.Blob blob, int shard) throws IOException {
    boolean isDeep = options.isDeep() && (shard >= state.blobShards() || state.isSuspect(blob));
    BlobCondition condition = (isDeep ? deepBlobs : blobs).check(blob.digest());
    progress.count(0);
    if (condition instanceof BlobCondition.Missing) {
      return;
    }
    blobCount.increment();
    blobsSeen.put(blob.digest().toBytes(), new byte[0]);
    if (condition instanceof BlobCondition.Damaged damaged) {
      findings.damaged(blob, damaged.reason());
      if (isDeep) {
        state.damaged(blob);
      }
    }
  }

  private void lookFor(Digest digest) throws IOException {
    progress.count(0);
    if (blobsSeen.contains(digest.toBytes())) {
      return;
    }
    workers.submit(
        () -> {
          BucketObject.Blob blob = new BucketObject.Blob(digest);
          BlobCondition condition = blobs.check(digest);
          if (condition instanceof BlobCondition.Missing) {
            findings.missing(blob, "the object is gone");
          } else if (condition instanceof BlobCondition.Damaged damaged) {
            findings.damaged(blob, damaged.reason());
          }
        });
  }

  private void nameDamaged(Digest digest, ChunkCondition condition) throws IOException {
    BucketObject.Chunk chunk = new BucketObject.Chunk(digest);
    if (condition instanceof ChunkCondition.Damaged damaged && !findings.contains(chunk)) {
      findings.damaged(chunk, damaged.reason());
    }
  }

  private VerifySummary summary() throws IOException {
    long[] damaged = {0};
    long[] missing = {0};
    findings.visit(
        finding -> {
          if (finding.isMissing()) {
            missing[0]++;
          } else {
            damaged[0]++;
          }
        });
    return new VerifySummary(
        chunkCount.sum(),
        chunksRead.sum(),
        bytesRead.sum(),
        blobCount.sum(),
        damaged[0],
        missing[0]);
  }

  /** What was found. */
  public Findings findings() {
    return findings;
  }

  @Override
  public void close() throws IOException {
    workers.close();
    state.close();
    scratch.close();
  }
}
