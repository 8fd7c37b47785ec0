package io.castore.gc.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.chunker.SimulatedChunker;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectLister;
import io.castore.content.objectstore.ObjectReader;
import io.castore.gc.BlobDrops;
import io.castore.gc.BlobPins;
import io.castore.gc.CollectionListener;
import io.castore.gc.CollectionPlan;
import io.castore.gc.CollectionReport;
import io.castore.gc.DamagedListsException;
import io.castore.gc.GarbageCollection;
import io.castore.gc.RefusedException;
import io.castore.gc.RetentionRules;
import io.castore.index.SimulatedIndexer;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The pipeline with the real processors, on topics of one partition in memory, where everything
 * happens in an order that is drawn by lot. While a command waits, or reads, all else goes on.
 */
public final class SimulatedPipeline {
  static final String STORE_ID = "the-store";

  private static final int MOST_NESTED = 2;
  private static final int MOST_UPLOADS = 4;
  private static final int PATIENCE = 60;
  private static final int MOST_STEPS = 1_500;

  private final RandomGenerator random;
  private final Path directory;
  private final SimulatedClock clock = new SimulatedClock();
  private final MemoryObjectStore store = new MemoryObjectStore(clock);
  private final SimulatedTopic chunks = new SimulatedTopic("chunks");
  private final SimulatedTopic uploads = new SimulatedTopic("uploads");
  private final SimulatedTopic receipts = new SimulatedTopic("chunk-receipts");
  private final SimulatedTopic statuses = new SimulatedTopic("upload-status");
  private final SimulatedTopic requests = new SimulatedTopic("chunk-requests");
  private final SimulatedTopic roots = new SimulatedTopic("roots");
  private final SimulatedTask chunker;
  private final SimulatedIndexer indexer;
  private final boolean leavesOutSingles;
  private final Map<UploadId, SimulatedUpload> producers = new LinkedHashMap<>();
  private final List<UploadId> everyone = new ArrayList<>();
  private final List<List<byte[]>> blobs = new ArrayList<>();
  private final Set<Digest> pinned = new HashSet<>();
  private final List<Digest> pinning = new ArrayList<>();
  private final Map<String, Integer> happened = new HashMap<>();
  private final SimulatedLog log;
  private final GarbageCollection collection;
  private final Outcomes outcomes;
  private long requestsRead;
  private int steps;
  private int nested;
  private boolean calm;

  public SimulatedPipeline(RandomGenerator random, Path directory) {
    this.random = random;
    leavesOutSingles = random.nextBoolean();
    this.directory = directory;
    chunker =
        SimulatedChunker.start(store, STORE_ID, chunks, receipts, directory, clock::millis, random);
    indexer =
        new SimulatedIndexer(
            store,
            leavesOutSingles,
            STORE_ID,
            uploads,
            receipts,
            statuses,
            chunks,
            requests,
            directory,
            clock::millis,
            random);
    List<byte[]> contents = new ArrayList<>();
    for (String content : List.of("a", "bb", "ccc", "dddd", "eeeee", "ffffff")) {
      contents.add(content.getBytes(StandardCharsets.UTF_8));
    }
    for (int[] parts :
        new int[][] {
          {}, {0}, {1}, {0, 1}, {1, 2, 0}, {3, 3}, {2, 4}, {4, 0, 3}, {5}, {5, 1}, {4}, {2, 3, 5}
        }) {
      List<byte[]> blob = new ArrayList<>();
      for (int part : parts) {
        blob.add(contents.get(part));
      }
      blobs.add(blob);
    }
    outcomes = new Outcomes(statuses, roots);
    log = new SimulatedLog(chunks, receipts, statuses, roots, chunker, indexer, clock, this::pause);
    collection =
        new GarbageCollection(
            log,
            log,
            log,
            new GarbageCollection.StoreView(new PausingReader(), new PausingLister(), 1),
            directory,
            clock);
  }

  private final class PausingReader implements ObjectReader {
    @Override
    public Optional<InputStream> open(String key) {
      pause(false);
      return store.open(key);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
      pause(false);
      return store.stat(key);
    }
  }

  private final class PausingLister implements ObjectLister {
    @Override
    public void list(String keyPrefix, Visitor visitor) throws IOException {
      store.list(
          keyPrefix,
          object -> {
            pause(false);
            visitor.visit(object);
          });
    }
  }

  /** Lets other things happen: some, or what is waited for. */
  private void pause(boolean waiting) {
    boolean still = calm || steps >= MOST_STEPS;
    if (waiting && still) {
      settle();
      return;
    }
    int more = waiting ? 1 : still ? 0 : random.nextInt(3);
    for (int step = 0; step < more; step++) {
      step();
    }
    if (waiting && log.waits() > PATIENCE) {
      settle();
    }
  }

  /** Lets things happen for a while, in which nothing is taken that must stay. */
  public void live() {
    while (steps < MOST_STEPS) {
      step();
    }
  }

  /** Has something happen, and checks what must always hold. */
  private void step() {
    steps++;
    clock.pass(Duration.ofSeconds(random.nextInt(120)));
    switch (random.nextInt(39)) {
      case 0, 1, 2 -> upload();
      case 3, 4, 5, 6, 7, 8, 9 -> advanceProducer();
      case 10, 11, 12, 13, 14, 15, 16 -> chunker.step();
      case 17 -> chunker.deliverSome();
      case 18, 19 -> chunker.commit();
      case 20, 21, 22, 23, 24, 25 -> indexer.task().step();
      case 26 -> indexer.task().deliverSome();
      case 27, 28 -> indexer.task().commit();
      case 29, 30 -> indexer.call();
      case 31 -> indexer.task().punctuate();
      case 32 -> answerRequests();
      case 33 -> crash();
      case 34 -> loseProducer();
      case 35 -> command(this::drop);
      case 36 -> command(random.nextBoolean() ? this::pin : this::unpin);
      default -> command(() -> collect(CollectionListener.SILENT));
    }
    requireIntact();
  }

  private void note(String what) {
    happened.merge(what, 1, Integer::sum);
  }

  /** How often what happened. */
  public Map<String, Integer> happened() {
    return happened;
  }

  private void upload() {
    if (producers.size() < MOST_UPLOADS) {
      SimulatedUpload upload =
          new SimulatedUpload(
              blobs.get(random.nextInt(blobs.size())), chunks, uploads, clock, random);
      producers.put(upload.id(), upload);
      everyone.add(upload.id());
      note("upload");
    }
  }

  private Optional<SimulatedUpload> producer() {
    return producers.isEmpty()
        ? Optional.empty()
        : Optional.of(List.copyOf(producers.values()).get(random.nextInt(producers.size())));
  }

  private void advanceProducer() {
    producer().ifPresent(SimulatedUpload::advance);
    forgetEnded();
  }

  private void forgetEnded() {
    outcomes.read();
    producers.keySet().removeAll(outcomes.ended());
  }

  private void loseProducer() {
    producer()
        .ifPresent(
            upload -> {
              note("lost producer");
              producers.remove(upload.id());
              if (random.nextBoolean()) {
                upload.abort();
              }
            });
  }

  private void answerRequests() {
    while (requestsRead < requests.end()) {
      SimulatedTopic.Entry entry = requests.at(requestsRead++);
      SimulatedUpload upload = producers.get(UploadId.of(key(entry)));
      if (upload != null) {
        note("request");
        try {
          for (long seq : ChunkRequest.parseFrom(entry.value()).getSeqsList()) {
            upload.send(Math.toIntExact(seq), false);
          }
        } catch (InvalidProtocolBufferException impossible) {
          throw new UncheckedIOException(impossible);
        }
      }
    }
  }

  private void crash() {
    if (random.nextBoolean()) {
      note("chunker crash");
      chunker.crash();
    } else {
      note("indexer crash");
      if (random.nextBoolean()) {
        indexer.task().beginCommit();
      }
      indexer.crash();
    }
  }

  @FunctionalInterface
  private interface Command {
    void run() throws IOException, RefusedException, DamagedListsException, InterruptedException;
  }

  private void command(Command command) {
    if (nested == MOST_NESTED) {
      return;
    }
    nested++;
    try {
      command.run();
    } catch (RefusedException refused) {
      note("refused");
    } catch (DamagedListsException stopped) {
      // Until a pin that came too late has given its place back, it asks for a blob that is gone.
      if (pinning.stream().noneMatch(blob -> stopped.toString().contains(blob.toHex()))) {
        throw new AssertionError(stopped);
      }
      note("stopped by a pin under way");
    } catch (IOException | InterruptedException failed) {
      throw new AssertionError(failed);
    } finally {
      nested--;
    }
  }

  private Digest anyBlob() {
    return SimulatedUpload.digest(blobs.get(random.nextInt(blobs.size())));
  }

  private Digest presentBlob() {
    List<Digest> present = new ArrayList<>();
    list(BucketLayout.BLOB_PREFIX, object -> present.add(digest(object)));
    return present.isEmpty() ? anyBlob() : present.get(random.nextInt(present.size()));
  }

  private void drop() throws IOException, RefusedException {
    try (BlobDrops drops = new BlobDrops(log, log, new PausingReader(), directory, clock)) {
      drops.read();
      pause(false);
      drops.drop(presentBlob(), "by request");
      note("drop");
    }
  }

  private void pin() throws IOException, RefusedException, InterruptedException {
    Digest blob = anyBlob();
    pinning.add(blob);
    try {
      new BlobPins(log, log, new PausingReader(), clock, leavesOutSingles)
          .pin(blob, "", records -> {});
    } finally {
      pinning.remove(blob);
    }
    note("pin");
    // Somebody else may have unpinned it meanwhile.
    outcomes.read();
    if (outcomes.isPinned(blob)) {
      pinned.add(blob);
    }
  }

  private void unpin() throws IOException, RefusedException {
    Digest blob = anyBlob();
    boolean was = pinned.remove(blob);
    try {
      new BlobPins(log, log, store, clock, leavesOutSingles).unpin(blob);
      note("unpin");
    } catch (RefusedException notPinned) {
      assertThat(was).isFalse();
      throw notPinned;
    }
  }

  private CollectionReport collect(CollectionListener listener)
      throws IOException, DamagedListsException, InterruptedException {
    CollectionReport report =
        collection.run(
            new CollectionPlan(
                Duration.ZERO,
                RetentionRules.none(),
                random.nextInt(8) == 0 && !calm,
                CollectionPlan.NO_LIMIT),
            listener);
    note("collection");
    happened.merge("freed chunks", (int) report.chunks().freed(), Integer::sum);
    happened.merge("freed blobs", (int) report.blobs().freed(), Integer::sum);
    happened.merge("kept at the last moment", (int) report.chunks().referred(), Integer::sum);
    assertThat(report.isDone()).as("what was to be removed is gone, or referred to").isTrue();
    return report;
  }

  /** Every blob in the store has all its chunks, and every blob with a root is in the store. */
  private void requireIntact() {
    Set<Digest> present = new HashSet<>();
    list(
        BucketLayout.BLOB_PREFIX,
        object -> {
          Digest blob = digest(object);
          present.add(blob);
          for (Digest chunk : chunksOf(blob)) {
            assertThat(store.stat(BucketLayout.chunkKey(chunk)))
                .as("chunk %s of blob %s", chunk, blob)
                .isPresent();
          }
        });
    outcomes.read();
    if (leavesOutSingles) {
      list(BucketLayout.CHUNK_PREFIX, object -> present.add(digest(object)));
    }
    assertThat(present).as("blobs with a root").containsAll(pinned).containsAll(outcomes.roots());
  }

  private Set<Digest> chunksOf(Digest blob) {
    Set<Digest> listed = new HashSet<>();
    try (InputStream in = store.open(BucketLayout.blobKey(blob)).orElseThrow()) {
      BlobIndex.visit(
          blob, in, ChunkSizes.LARGEST_LEGAL_CHUNK, chunk -> listed.add(chunk.digest()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return listed.isEmpty() && !blob.equals(Digest.EMPTY) ? Set.of(blob) : listed;
  }

  private void list(String prefix, ObjectLister.Visitor visitor) {
    try {
      store.list(prefix, visitor);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Digest digest(ObjectInfo object) {
    return Digest.parse(object.key().substring(object.key().lastIndexOf('/') + 1));
  }

  private static byte[] key(SimulatedTopic.Entry entry) {
    return java.util.Objects.requireNonNull(entry.key());
  }

  /** Lets the services do all that they have to do. */
  private void settle() {
    boolean any = true;
    while (any) {
      any = chunker.hasRecords() || indexer.task().hasRecords();
      chunker.step();
      chunker.commit();
      indexer.task().step();
      any |= indexer.call();
      indexer.task().punctuate();
      indexer.task().commit();
      any |= chunker.hasRecords() || indexer.task().hasRecords();
    }
    requireIntact();
  }

  /** Ends all uploads after one more crash, collects once, and checks that nothing is left. */
  public void finish() throws IOException, DamagedListsException, InterruptedException {
    calm = true;
    chunker.crash();
    indexer.crash();
    settle();
    for (UploadId id : everyone) {
      new SimulatedUpload(id, uploads, chunks, clock).abort();
    }
    settle();
    clock.pass(Duration.ofHours(2));
    TreeSet<String> notRemoved = new TreeSet<>();
    CollectionReport unused =
        collect(
            new CollectionListener() {
              @Override
              public void notRemoved(String key) {
                notRemoved.add(key);
              }
            });
    assertThat(notRemoved).isEmpty();
    requireIntact();

    Set<Digest> allowed = outcomes.possibleRoots();
    allowed.addAll(pinned);
    Set<Digest> kept = new HashSet<>();
    Set<Digest> needed = new HashSet<>();
    list(
        BucketLayout.BLOB_PREFIX,
        object -> {
          // Published once more after a crash: the drop was of what was there before. A pin that
          // was
          // put back while somebody unpinned the blob keeps it, too.
          if (!outcomes.isPinned(digest(object))
              && object.modifiedAt().toEpochMilli() <= outcomes.droppedAtMs(digest(object))) {
            kept.add(digest(object));
          }
          needed.addAll(chunksOf(digest(object)));
        });
    needed.remove(Digest.EMPTY);
    Set<Digest> stored = new HashSet<>();
    list(BucketLayout.CHUNK_PREFIX, object -> stored.add(digest(object)));
    assertThat(stored).as("chunks in the store").containsAll(needed);
    if (leavesOutSingles) {
      // A blob without an object is its chunk.
      needed.addAll(allowed);
    }
    assertThat(needed).as("chunks that may be in the store").containsAll(stored);
    assertThat(allowed).as("blobs that may be in the store").containsAll(kept);
  }
}
