package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.gc.GarbageCollection.StoreView;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord.Collect.Kind;
import io.castore.proto.pipeline.RootRule.Drop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One run of a collection. The order of its steps is what makes it safe; {@code
 * docs/decisions/garbage-collection.md} says why.
 *
 * <p>Not thread-safe.
 */
final class CollectionRun {
  /** Orders that may wait to be carried out, so that uploads do not wait behind them for long. */
  private static final int ORDERS_AT_A_TIME = 5_000;

  /**
   * For how long an upload that ended in vain counts as one that has not ended, whatever the grace
   * period. An indexer that dies before its commit may come to another end.
   */
  private static final Duration SHORTEST_DOUBT = Duration.ofHours(1);

  private static final int PROGRESS_EVERY = 1_000;

  private final UploadHistory history;
  private final DigestOrders orders;
  private final StoreView store;
  private final Instant startedAt;
  private final CollectionPlan plan;
  private final CollectionListener listener;

  private final UploadId run = UploadId.random();
  private final UploadTable uploads;
  private final RuleTable rules;
  private final RootRules ruleLog;
  private final Needed needed;
  private final LostBlobs lost;
  private final BlobLists lists;
  private final LapsedBlobs lapsed;
  private final DigestTable live;
  private final DeadObjects deadBlobs;
  private final DeadObjects deadChunks;
  private Map<Integer, Long> receiptsBefore = Map.of();
  private Map<Integer, Long> marks = Map.of();

  CollectionRun(
      UploadHistory history,
      RootRules ruleLog,
      DigestOrders orders,
      StoreView store,
      ScratchStore tables,
      Instant startedAt,
      CollectionPlan plan,
      CollectionListener listener) {
    this.history = history;
    this.ruleLog = ruleLog;
    this.orders = orders;
    this.store = store;
    this.startedAt = startedAt;
    this.plan = plan;
    this.listener = listener;
    uploads = new UploadTable(history, tables);
    rules = new RuleTable(ruleLog, tables);
    lost = new LostBlobs(history, uploads, rules, store.reader(), tables);
    needed = new Needed(history, uploads, rules, lost, tables);
    lists = new BlobLists(store.reader(), needed, tables);
    lapsed = new LapsedBlobs(uploads, rules, tables);
    live = new DigestTable(tables, ScratchKeys.LIVE);
    deadBlobs = new DeadObjects(tables, ScratchKeys.DEAD_BLOBS);
    deadChunks = new DeadObjects(tables, ScratchKeys.DEAD_CHUNKS);
  }

  CollectionReport run() throws IOException, DamagedListsException, InterruptedException {
    long lapsedBlobs = plan.retention().isEmpty() ? 0 : dropLapsed(false);
    // Before the marks: what is read of the receipts from here on holds those of every upload that
    // has no status yet.
    Map<Integer, Long> indexed = history.indexedReceipts();
    receiptsBefore = history.receiptEnds();
    mark();
    listener.at("reading what uploads need");
    // After the marks: a pin that is not seen here claims its blob after its mark.
    rules.read();
    uploads.catchUp();
    if (plan.dryRun() && !plan.retention().isEmpty()) {
      dropLapsed(true);
    }
    long unfinished = needed.read(indexed, startedAt.minus(endedInVain()));
    lost.expectPinned();

    findDeadBlobs();
    collect(Kind.BLOB, deadBlobs);
    readLists();
    findDeadChunks();
    collect(Kind.CHUNK, deadChunks);
    return plan.dryRun()
        ? new CollectionReport(
            true, unfinished, lapsedBlobs, deadBlobs.allFreed(), deadChunks.allFreed())
        : new CollectionReport(
            false,
            unfinished,
            lapsedBlobs,
            account(Kind.BLOB, deadBlobs),
            account(Kind.CHUNK, deadChunks));
  }

  private Duration endedInVain() {
    return plan.grace().compareTo(SHORTEST_DOUBT) > 0 ? plan.grace() : SHORTEST_DOUBT;
  }

  /**
   * Drops what rules of retention drop.
   *
   * @param hereAlone whether they are dropped for this run alone, in silence
   */
  private long dropLapsed(boolean hereAlone) throws IOException {
    if (!hereAlone) {
      listener.at("applying rules of retention");
      uploads.catchUp();
      rules.read();
    }
    long found =
        lapsed.find(
            plan.retention(),
            "retention: ",
            startedAt,
            (blob, rule) -> {
              if (hereAlone) {
                rules.put(blob, rule);
                return;
              }
              listener.dropped(blob, rule.getDrop().getReason());
              if (!plan.dryRun()) {
                ruleLog.write(blob, rule);
              }
            });
    if (!plan.dryRun()) {
      lapsed.settle(ruleLog);
    }
    return found;
  }

  private void mark() throws InterruptedException {
    if (plan.dryRun()) {
      return;
    }
    listener.at("marking where the chunker is");
    marks = orders.mark(run);
    Map<Integer, Long> after = new HashMap<>();
    marks.forEach((partition, offset) -> after.put(partition, offset + 1));
    orders.awaitCarriedOut(after, listener::waiting);
  }

  private void findDeadBlobs() throws IOException {
    listener.at("looking for blobs that were dropped");
    store
        .lister()
        .list(
            BucketLayout.BLOB_PREFIX,
            object -> {
              Optional<Digest> blob = blob(object);
              if (blob.isEmpty()) {
                return;
              }
              deadBlobs.look(object);
              tell(deadBlobs.looked());
              Optional<Drop> drop = needed.dropped(blob.get());
              if (drop.isEmpty()) {
                return;
              }
              if (object.modifiedAt().toEpochMilli() > drop.get().getDroppedAtMs()) {
                // Another program may have written it, and nobody has dropped it since.
                deadBlobs.addWrittenSince();
              } else if (isYoung(object)) {
                deadBlobs.addYoung();
              } else {
                deadBlobs.add(blob.get(), object);
              }
            });
  }

  private boolean isYoung(ObjectInfo object) {
    return object.modifiedAt().isAfter(startedAt.minus(plan.grace()));
  }

  /** Reads the lists of all blobs that are there now. */
  private void readLists() throws IOException, DamagedListsException, InterruptedException {
    listener.at("reading which chunks blobs need");
    DamagedLists damaged = new DamagedLists();
    long[] read = {0};
    try (ReadAhead reading = new ReadAhead(store.readers())) {
      store
          .lister()
          .list(
              BucketLayout.BLOB_PREFIX,
              object -> {
                Optional<Digest> blob = blob(object);
                if (blob.isPresent() && !(plan.dryRun() && deadBlobs.contains(blob.get()))) {
                  tell(++read[0]);
                  reading.run(() -> take(blob.get(), object, damaged));
                }
              });
      reading.finish();
    }
    lost.takeUnlisted();
    lost.check(lists, damaged);
    damaged.requireNone();
  }

  private void take(Digest blob, ObjectInfo object, DamagedLists damaged) throws IOException {
    try {
      if (lists.take(blob, object)) {
        lost.found(blob);
      }
    } catch (CorruptObjectException unreadable) {
      damaged.add(unreadable);
      lost.found(blob);
    }
  }

  private void findDeadChunks() throws IOException, DamagedListsException {
    listener.at("looking for chunks that nothing needs");
    store
        .lister()
        .list(
            BucketLayout.CHUNK_PREFIX,
            object -> {
              Optional<Digest> chunk = chunk(object);
              if (chunk.isEmpty()) {
                return;
              }
              deadChunks.look(object);
              tell(deadChunks.looked());
              lists.seen(chunk.get());
              lost.seenChunk(chunk.get());
              if (live.contains(chunk.get())) {
                return;
              }
              if (isYoung(object)) {
                deadChunks.addYoung();
              } else {
                deadChunks.add(chunk.get(), object);
              }
            });
    DamagedLists damaged = new DamagedLists();
    lists.checkSingles(damaged);
    lost.expectUnseen();
    lost.check(lists, damaged);
    damaged.requireNone();
  }

  private void collect(Kind kind, DeadObjects dead) throws IOException, InterruptedException {
    if (plan.dryRun() || dead.count() == 0) {
      return;
    }
    listener.at("collecting %d %s".formatted(dead.count(), kind == Kind.BLOB ? "blobs" : "chunks"));
    OrderPages pages = new OrderPages(orders, ORDERS_AT_A_TIME, listener);
    dead.visit(
        digest ->
            pages.give(
                () ->
                    orders.collect(
                        run,
                        kind,
                        digest,
                        Objects.requireNonNull(marks.get(orders.partitionOf(digest))))));
    pages.finish();
  }

  /** Looks what is still there of what was to go, and why. */
  private CollectionReport.Tally account(Kind kind, DeadObjects dead) throws IOException {
    DeadObjects.Remains remains = dead.remains();
    if (dead.count() > 0) {
      listener.at("looking what is gone");
      store
          .lister()
          .list(
              kind == Kind.BLOB ? BucketLayout.BLOB_PREFIX : BucketLayout.CHUNK_PREFIX,
              object -> {
                Optional<Digest> digest = kind == Kind.BLOB ? blob(object) : chunk(object);
                if (digest.isPresent()) {
                  remains.take(digest.get(), object);
                }
              });
    }
    if (!remains.isEmpty()) {
      history.readReceipts(
          receiptsBefore,
          history.receiptEnds(),
          (upload, receipt) -> {
            if (refers(kind, receipt) && receipt.getDigest().size() == Digest.LENGTH) {
              remains.isReferred(Digest.of(receipt.getDigest().toByteArray()));
            }
          });
      ruleLog.read(
          (blob, rule) -> {
            if (rule != null && rule.hasPin()) {
              remains.isReferred(blob);
            }
          });
    }
    remains.finish(
        digest ->
            listener.notRemoved(
                kind == Kind.BLOB ? BucketLayout.blobKey(digest) : BucketLayout.chunkKey(digest)));
    return remains.tally();
  }

  private static boolean refers(Kind kind, ChunkReceipt receipt) {
    ChunkReceipt.Result result = receipt.getResult();
    return result == ChunkReceipt.Result.CLAIMED
        || receipt.getClaimed()
        || (kind == Kind.CHUNK
            && (result == ChunkReceipt.Result.STORED
                || result == ChunkReceipt.Result.DEDUPLICATED));
  }

  private void tell(long done) {
    if (done % PROGRESS_EVERY == 0) {
      listener.progress(done);
    }
  }

  private static Optional<Digest> blob(ObjectInfo object) {
    return BucketLayout.parse(object.key())
        .map(one -> one instanceof BucketObject.Blob blob ? blob.digest() : null);
  }

  private static Optional<Digest> chunk(ObjectInfo object) {
    return BucketLayout.parse(object.key())
        .map(one -> one instanceof BucketObject.Chunk chunk ? chunk.digest() : null);
  }
}
