package io.castore.gc;

import com.google.protobuf.ByteString;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectLister;
import io.castore.gc.simulation.SimulatedClock;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.ChunkRecord.Collect;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A store and a log as the pipeline leaves them, and a chunker that does as it is told at once. */
final class FakePipeline implements UploadHistory, RootRules, DigestOrders {
  private static final int CHUNK_BYTES = 500;

  private final SimulatedClock clock = new SimulatedClock();
  private final MemoryObjectStore store = new MemoryObjectStore(clock);
  private final String storeId;
  private final Random random = new Random(1);
  private final ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
  private final List<ToldStatus> statuses = new ArrayList<>();
  private final List<ToldReceipt> receipts = new ArrayList<>();
  private final List<WrittenRule> written = new ArrayList<>();
  private final List<Digest> claimed = new ArrayList<>();
  private final Set<Digest> usedSince = new HashSet<>();
  private final Deque<ThrowingRunnable> afterBlobListings = new ArrayDeque<>();
  private @Nullable ThrowingRunnable onClaim;
  private boolean refusesDeletes;
  private boolean singlesLeftOut;
  private int marks;
  private int ordered;

  FakePipeline() throws IOException {
    storeId = StoreIdentity.obtain(store, clock).id();
  }

  private record ToldStatus(UploadId id, UploadStatus status) {}

  private record ToldReceipt(UploadId id, ChunkReceipt receipt) {}

  private record WrittenRule(Digest blob, @Nullable RootRule rule) {}

  /** Says that blobs of a single chunk may have no object. */
  void leaveOutSingles() {
    singlesLeftOut = true;
  }

  /** Does something that may fail. */
  @FunctionalInterface
  interface ThrowingRunnable {
    void run() throws IOException;
  }

  /** An upload, and the blob that comes of it. */
  record Uploaded(UploadId id, String source, ChunkList list) {
    Digest blob() {
      return list.blob();
    }

    String blobKey() {
      return BucketLayout.blobKey(list.blob());
    }

    String chunkKey(int place) {
      return BucketLayout.chunkKey(list.get(place).digest());
    }
  }

  SimulatedClock clock() {
    return clock;
  }

  MemoryObjectStore store() {
    return store;
  }

  /** How many marks were made. */
  int marks() {
    return marks;
  }

  /** How many orders to collect were given. */
  int ordered() {
    return ordered;
  }

  /** How many rules were written. */
  int rulesWritten() {
    return written.size();
  }

  List<Digest> claimed() {
    return claimed;
  }

  /** Makes chunks that are like no others. */
  List<byte[]> chunks(int count) {
    List<byte[]> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] raw = new byte[CHUNK_BYTES];
      random.nextBytes(raw);
      chunks.add(raw);
    }
    return chunks;
  }

  /** Has an upload come to its end. */
  Uploaded complete(String source, List<byte[]> chunks) throws IOException {
    Uploaded upload = receive(source, chunks);
    publish(upload);
    tell(upload, State.COMPLETE);
    return upload;
  }

  /** Has chunks of an upload stored, and no more. */
  Uploaded receive(String source, List<byte[]> chunks) throws IOException {
    Blake3 whole = new Blake3();
    chunks.forEach(raw -> whole.update(raw, 0, raw.length));
    ChunkList.Builder list = ChunkList.builder(whole.finish());
    UploadId id = UploadId.random();
    for (byte[] raw : chunks) {
      Digest digest = Blake3.hash(raw);
      list.add(new ChunkRef(digest, raw.length));
      receipt(id, digest, Result.STORED, storeId);
      if (store.stat(BucketLayout.chunkKey(digest)).isEmpty()) {
        put(raw);
      }
    }
    return new Uploaded(id, source, list.build());
  }

  /** Puts a chunk into the store that nothing has told of. */
  String put(byte[] raw) throws IOException {
    String key = BucketLayout.chunkKey(Blake3.hash(raw));
    store.put(key, ObjectBody.of(codec.compress(raw, 0, raw.length)));
    return key;
  }

  /** Writes a blob's object. */
  void publish(Uploaded upload) throws IOException {
    store.put(upload.blobKey(), BlobIndex.body(upload.list()));
  }

  void receipt(UploadId id, Digest digest, Result result, String ofStore) {
    receipts.add(
        new ToldReceipt(
            id,
            ChunkReceipt.newBuilder()
                .setDigest(ByteString.copyFrom(digest.toBytes()))
                .setResult(result)
                .setStoreId(ofStore)
                .build()));
  }

  /** Has all receipts of uploads by now be those of another store. */
  void becomeReceiptsOfAnotherStore() {
    receipts.replaceAll(
        told ->
            new ToldReceipt(told.id(), told.receipt().toBuilder().setStoreId("another").build()));
  }

  /** Tells the state of an upload. */
  void tell(Uploaded upload, State state) {
    statuses.add(
        new ToldStatus(
            upload.id(),
            UploadStatus.newBuilder()
                .setState(state)
                .setSource(upload.source())
                .setOpenedAtMs(clock.millis())
                .setUpdatedAtMs(clock.millis())
                .setBlobDigest(ByteString.copyFrom(upload.blob().toBytes()))
                .setSize(upload.list().size())
                .setChunkCount(upload.list().count())
                .build()));
  }

  /** Drops a blob. */
  void drop(Digest blob, Path scratch) throws IOException, RefusedException {
    try (BlobDrops drops = drops(scratch)) {
      drops.drop(blob, "a test");
    }
  }

  /** Opens what drops blobs, after it has read the log. */
  BlobDrops drops(Path scratch) throws IOException {
    BlobDrops drops = new BlobDrops(this, this, store, scratch, clock);
    drops.read();
    return drops;
  }

  BlobPins pins() {
    return new BlobPins(this, this, store, clock, singlesLeftOut);
  }

  GarbageCollection collection(Path scratch) {
    ObjectLister lister =
        (prefix, visitor) -> {
          store.list(prefix, visitor);
          if (prefix.equals(BucketLayout.BLOB_PREFIX) && !afterBlobListings.isEmpty()) {
            afterBlobListings.remove().run();
          }
        };
    return new GarbageCollection(
        this, this, this, new GarbageCollection.StoreView(store, lister, 2), scratch, clock);
  }

  CollectionReport collect(Path scratch) throws Exception {
    return collect(
        new CollectionPlan(Duration.ZERO, RetentionRules.none(), false, CollectionPlan.NO_LIMIT),
        scratch);
  }

  CollectionReport collect(CollectionPlan plan, Path scratch) throws Exception {
    // What was written in the same moment is not yet older than no grace at all.
    clock.pass(Duration.ofSeconds(1));
    return collection(scratch).run(plan, CollectionListener.SILENT);
  }

  /** Has something happen after the next listing of blobs, or after the one behind it. */
  void afterBlobListing(ThrowingRunnable action) {
    afterBlobListings.add(action);
  }

  /** Has something happen when a blob is claimed. */
  void onClaim(ThrowingRunnable action) {
    onClaim = action;
  }

  /** Has the chunker know that something was used after every mark. */
  void useSinceMarks(Digest digest) {
    usedSince.add(digest);
  }

  void refuseDeletes() {
    refusesDeletes = true;
  }

  boolean has(String key) {
    return store.stat(key).isPresent();
  }

  /** Gives the keys of all objects. */
  Set<String> keys() throws IOException {
    Set<String> keys = new HashSet<>();
    store.list("", object -> keys.add(object.key()));
    return keys;
  }

  @Override
  public Map<Integer, Long> indexedReceipts() {
    return receiptEnds();
  }

  @Override
  public Map<Integer, Long> receiptEnds() {
    return Map.of(0, (long) receipts.size());
  }

  @Override
  public Map<Integer, Long> receiptsAt(Instant time) {
    return Map.of();
  }

  @Override
  public void readReceipts(Map<Integer, Long> from, Map<Integer, Long> to, ReceiptVisitor visitor)
      throws IOException {
    for (ToldReceipt told : part(receipts, from, to)) {
      visitor.visit(told.id(), told.receipt());
    }
  }

  @Override
  public Map<Integer, Long> statusEnds() {
    return Map.of(0, (long) statuses.size());
  }

  @Override
  public void readStatuses(Map<Integer, Long> from, Map<Integer, Long> to, StatusVisitor visitor)
      throws IOException {
    long offset = from.getOrDefault(0, 0L);
    for (ToldStatus told : part(statuses, from, to)) {
      visitor.visit(0, offset++, told.id(), told.status());
    }
  }

  private static <T> List<T> part(List<T> all, Map<Integer, Long> from, Map<Integer, Long> to) {
    return List.copyOf(
        all.subList(
            Math.toIntExact(from.getOrDefault(0, 0L)), Math.toIntExact(to.getOrDefault(0, 0L))));
  }

  @Override
  public void read(Visitor visitor) throws IOException {
    for (WrittenRule one : List.copyOf(written)) {
      visitor.visit(one.blob(), one.rule());
    }
  }

  @Override
  public void write(Digest blob, @Nullable RootRule rule) {
    written.add(new WrittenRule(blob, rule));
  }

  @Override
  public void flush() {}

  @Override
  public int partitionOf(Digest digest) {
    return 0;
  }

  @Override
  public Map<Integer, Long> mark(UploadId run) {
    marks++;
    return Map.of(0, (long) marks);
  }

  @Override
  public void collect(UploadId run, Collect.Kind kind, Digest digest, long markOffset) {
    ordered++;
    if (!usedSince.contains(digest) && !refusesDeletes) {
      store.delete(
          kind == Collect.Kind.BLOB ? BucketLayout.blobKey(digest) : BucketLayout.chunkKey(digest));
    }
  }

  @Override
  public void claim(Digest blob) {
    claimed.add(blob);
    if (onClaim != null) {
      try {
        onClaim.run();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  @Override
  public Map<Integer, Long> awaitRecorded() {
    return Map.of();
  }

  @Override
  public void awaitCarriedOut(Map<Integer, Long> ends, LongConsumer onWait) {}

  /** Joins chunks. */
  static List<byte[]> join(List<byte[]> some, List<byte[]> more) {
    List<byte[]> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /** Cuts the end off an object. */
  void truncate(String key) throws IOException {
    try (var in = store.open(key).orElseThrow()) {
      byte[] bytes = in.readAllBytes();
      store.put(key, ObjectBody.of(Arrays.copyOf(bytes, bytes.length - 3)));
    }
  }
}
