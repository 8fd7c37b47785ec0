package io.castore.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.blob.BlobReader;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.ingest.IngestOutcome;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collection in a pipeline that runs: producer, broker, chunker and indexer are the real ones. */
final class CollectionOnBrokerTest {
  private static final int MEGABYTE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private static Path directory;
  private static final RunningPipeline.GuardedStore STORE =
      new RunningPipeline.GuardedStore(new MemoryObjectStore());
  private static final Random RANDOM = new Random(1);
  private static EmbeddedBroker broker;
  private static RunningPipeline pipeline;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerOptions.defaults());
    pipeline = RunningPipeline.start(broker, STORE, directory);
  }

  @AfterAll
  static void stop() throws Exception {
    pipeline.close();
    broker.close();
  }

  @Test
  void shouldFreeWhatADroppedBlobAloneNeedsAndTakeItInAgain() throws Exception {
    byte[] shared = bytes(2 * MEGABYTE);
    byte[] content = join(shared, bytes(MEGABYTE));
    IngestOutcome.Complete kept = pipeline.ingest(new HeldSource("memory:kept", shared));
    IngestOutcome.Complete dropped = pipeline.ingest(new HeldSource("memory:dropped", content));
    Set<String> keptChunks = chunks(kept.digest());
    Set<String> own = new HashSet<>(chunks(dropped.digest()));
    own.removeAll(keptChunks);
    assertThat(own).hasSizeLessThan((int) dropped.chunks()).isNotEmpty();

    pipeline.drop(dropped);
    CollectionReport report = pipeline.collect();

    assertThat(report.isDone()).isTrue();
    assertThat(keys()).doesNotContainAnyElementsOf(own).containsAll(keptChunks);
    assertThat(new BlobReader(STORE).find(dropped.digest())).isEmpty();
    assertReads(kept, shared);

    IngestOutcome.Complete again = pipeline.ingest(new HeldSource("memory:dropped", content));
    assertThat(again.digest()).isEqualTo(dropped.digest());
    assertReads(again, content);
    // The producer remembers the chunks, and is told that they are not there any more.
    assertThat(missing(again.uploadId())).isEqualTo(own.size());
  }

  @Test
  void shouldKeepADroppedBlobThatIsPinned() throws Exception {
    byte[] content = bytes(MEGABYTE);
    IngestOutcome.Complete upload = pipeline.ingest(new HeldSource("memory:pinned", content));
    pipeline.drop(upload);
    pipeline.pins().pin(upload.digest(), "a release", waiting -> {});

    CollectionReport unused = pipeline.collect();
    assertReads(upload, content);
    assertThatThrownBy(() -> pipeline.drop(upload)).isInstanceOf(RefusedException.class);

    pipeline.pins().unpin(upload.digest());
    pipeline.drop(upload);
    unused = pipeline.collect();
    assertThat(new BlobReader(STORE).find(upload.digest())).isEmpty();
  }

  @Test
  void shouldKeepTheChunksOfAnUploadThatIsNotSealed() throws Exception {
    byte[] content = bytes(6 * MEGABYTE);
    Set<String> before = keys();
    HeldSource source = HeldSource.heldAt("memory:slow", content, 4 * MEGABYTE);
    CompletableFuture<IngestOutcome> outcome = pipeline.ingester().submit(source);
    await().atMost(PATIENCE).until(() -> keys().size() >= before.size() + 2);
    Set<String> sent = keys();

    CollectionReport report = pipeline.collect();

    assertThat(report.unfinishedUploads()).isEqualTo(1);
    sent.removeAll(before);
    assertThat(keys()).containsAll(sent);
    source.goOn();
    assertReads((IngestOutcome.Complete) outcome.get(1, TimeUnit.MINUTES), content);
  }

  @Test
  void shouldKeepABlobThatWasNeverUploadedAndStopWhereItsListIsDamaged() throws Exception {
    ChunkCodec codec = new ChunkCodec(ChunkCodec.DEFAULT_LEVEL);
    byte[] content = bytes(2_000);
    ChunkList.Builder list = ChunkList.builder(Blake3.hash(content));
    for (byte[] part : List.of(Arrays.copyOf(content, 900), tail(content, 900))) {
      list.add(new ChunkRef(Blake3.hash(part), part.length));
      STORE.put(
          BucketLayout.chunkKey(Blake3.hash(part)),
          ObjectBody.of(codec.compress(part, 0, part.length)));
    }
    Digest blob = list.build().blob();
    STORE.put(BucketLayout.blobKey(blob), BlobIndex.body(list.build()));
    byte[] stray = bytes(700);
    String strayKey = BucketLayout.chunkKey(Blake3.hash(stray));
    STORE.put(strayKey, ObjectBody.of(codec.compress(stray, 0, stray.length)));
    byte[] right = read(BucketLayout.blobKey(blob));

    STORE.put(BucketLayout.blobKey(blob), ObjectBody.of(Arrays.copyOf(right, right.length - 1)));
    assertThatThrownBy(pipeline::collect)
        .isInstanceOf(DamagedListsException.class)
        .hasMessageContaining(BucketLayout.blobKey(blob));
    assertThat(keys()).contains(strayKey);

    STORE.put(BucketLayout.blobKey(blob), ObjectBody.of(right));
    assertThat(pipeline.collect().isDone()).isTrue();
    assertThat(keys()).doesNotContain(strayKey).containsAll(chunks(blob));
  }

  @Test
  void shouldCollectNoChunkUntilALostBlobIsGivenUp() throws Exception {
    IngestOutcome.Complete upload = pipeline.ingest(new HeldSource("memory:lost", bytes(MEGABYTE)));
    Set<String> chunks = chunks(upload.digest());
    STORE.delete(BucketLayout.blobKey(upload.digest()));

    assertThatThrownBy(pipeline::collect)
        .isInstanceOf(DamagedListsException.class)
        .hasMessageContaining("though upload " + upload.uploadId() + " is complete");
    assertThat(keys()).containsAll(chunks);

    pipeline.drop(upload);
    assertThat(pipeline.collect().isDone()).isTrue();
    assertThat(keys()).doesNotContainAnyElementsOf(chunks);
  }

  @Test
  void shouldNameWhatTheStoreDoesNotRemoveAndChangeNothingInADryRun() throws Exception {
    IngestOutcome.Complete upload =
        pipeline.ingest(new HeldSource("memory:stuck", bytes(MEGABYTE)));
    pipeline.drop(upload);
    Set<String> before = keys();

    CollectionReport dry = pipeline.collect(true, new ArrayList<>());
    assertThat(dry.blobs().freed()).isEqualTo(1);
    assertThat(keys()).isEqualTo(before);

    List<String> named = new ArrayList<>();
    STORE.refuseDeletes(true);
    CollectionReport refused = pipeline.collect(false, named);
    STORE.refuseDeletes(false);
    assertThat(refused.isDone()).isFalse();
    assertThat(refused.blobs().notRemoved()).isEqualTo(1);
    assertThat(named).containsExactly(BucketLayout.blobKey(upload.digest()));
    assertThat(keys()).isEqualTo(before);

    assertThat(pipeline.collect().isDone()).isTrue();
    assertThat(keys()).doesNotContain(BucketLayout.blobKey(upload.digest()));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(byte[] some, byte[] more) {
    byte[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static byte[] tail(byte[] all, int from) {
    return Arrays.copyOfRange(all, from, all.length);
  }

  private static Set<String> keys() throws Exception {
    Set<String> keys = new HashSet<>();
    STORE.list("", object -> keys.add(object.key()));
    return keys;
  }

  private static Set<String> chunks(Digest blob) throws Exception {
    ChunkList list = new BlobReader(STORE).find(blob).orElseThrow();
    Set<String> keys = new HashSet<>();
    for (int place = 0; place < list.count(); place++) {
      keys.add(BucketLayout.chunkKey(list.get(place).digest()));
    }
    return keys;
  }

  private static byte[] read(String key) throws Exception {
    try (InputStream in = STORE.open(key).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  private static void assertReads(IngestOutcome.Complete upload, byte[] content) throws Exception {
    BlobReader reader = new BlobReader(STORE);
    try (InputStream in = reader.open(reader.find(upload.digest()).orElseThrow())) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  private static int missing(UploadId upload) throws Exception {
    int[] missing = {0};
    UploadHistory history = pipeline.history();
    history.readReceipts(
        Map.of(),
        history.receiptEnds(),
        (id, receipt) -> {
          if (id.equals(upload) && receipt.getResult() == Result.MISSING) {
            missing[0]++;
          }
        });
    return missing[0];
  }
}
