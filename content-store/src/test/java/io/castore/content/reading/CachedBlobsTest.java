package io.castore.content.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.TooManyChunksException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CachedBlobsTest {
  private static final byte[] RAW = WatchedStore.randomBytes(1000, 1);
  private static final Digest DIGEST = Blake3.hash(RAW);
  private static final String BLOB = BucketLayout.blobKey(DIGEST);
  private static final String CHUNK = BucketLayout.chunkKey(DIGEST);

  private final WatchedStore store = new WatchedStore();
  private final AtomicLong now = new AtomicLong();
  private final CachedBlobs blobs = CachedBlobs.open(store, Flows.limits(1 << 20, 2), now::get);

  @AfterEach
  void close() {
    blobs.close();
  }

  @Test
  void shouldAlwaysFindTheEmptyBlob() throws Exception {
    assertThat(Flows.get(blobs.stat(Digest.EMPTY))).isEqualTo(new BlobStat.Whole());
    ChunkList empty = Flows.get(blobs.find(Digest.EMPTY)).orElseThrow();
    assertThat(empty.size()).isZero();
    assertThat(Flows.all(blobs, empty)).isEmpty();
    assertThat(store.opened()).isEmpty();
  }

  @Test
  void shouldNotKeepThatNothingIsThere() throws Exception {
    assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Absent());
    assertThat(Flows.get(blobs.find(DIGEST))).isEmpty();
    store.storeChunk(RAW);

    assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Whole());
    assertThat(Flows.get(blobs.find(DIGEST)).orElseThrow().size()).isEqualTo(1000);
  }

  @Test
  void shouldLookAgainWhenItWasWrittenAfterASharedLookHadBegun() throws Exception {
    store.holdUp();
    CompletableFuture<BlobStat> before = blobs.stat(DIGEST);
    await().until(() -> store.heldUp() == 1);
    ChunkList list = store.store(RAW, 400);
    CompletableFuture<BlobStat> after = blobs.stat(DIGEST);
    store.letThrough(2);

    assertThat(Flows.get(after)).isEqualTo(new BlobStat.Listed(list));
    assertThat(Flows.get(before)).isEqualTo(new BlobStat.Absent());
  }

  @Test
  void shouldReadTheFirstBytesOfAChunkAndNoMoreToFindIt() throws Exception {
    store.storeChunk(RAW);

    assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Whole());
    assertThat(Flows.get(blobs.find(DIGEST)))
        .contains(ChunkList.of(DIGEST, new ChunkRef(DIGEST, 1000)));
    assertThat(store.opened()).containsExactly(BLOB);
    assertThat(store.started()).containsExactly(CHUNK);
  }

  @Test
  void shouldReadTheChunkOnceWhenItsFrameDoesNotStateTheSize() throws Exception {
    byte[] large = WatchedStore.randomBytes(100_000, 2);
    Digest digest = Blake3.hash(large);
    String blob = BucketLayout.blobKey(digest);
    String chunk = BucketLayout.chunkKey(digest);
    store.objects().with(chunk, Frames.unstated(large, 3));

    assertThat(Flows.get(blobs.stat(digest))).isEqualTo(new BlobStat.Whole());
    assertThat(store.opened()).containsExactly(blob);
    ChunkList found = Flows.get(blobs.find(digest)).orElseThrow();
    assertThat(found).isEqualTo(ChunkList.of(digest, new ChunkRef(digest, 100_000)));
    assertThat(Flows.all(blobs, found)).isEqualTo(large);
    assertThat(Flows.get(blobs.find(digest))).contains(found);
    assertThat(store.opened()).containsExactly(blob, chunk);
  }

  @Test
  void shouldReadASmallChunkWhereItIsFoundAndNotAgain() throws Exception {
    for (byte[] frame : new byte[][] {Frames.stated(RAW), Frames.unstated(RAW, 3)}) {
      store.objects().with(CHUNK, frame);
      store.forgetReads();
      now.addAndGet(Duration.ofSeconds(61).toNanos());

      ChunkList found = Flows.get(blobs.find(DIGEST)).orElseThrow();
      assertThat(found).isEqualTo(ChunkList.of(DIGEST, new ChunkRef(DIGEST, 1000)));
      assertThat(Flows.all(blobs, found)).isEqualTo(RAW);
      assertThat(store.opened()).containsExactly(BLOB);
      assertThat(store.started()).containsExactly(CHUNK);
    }
  }

  @Test
  void shouldListAndKeepTheChunksOfABlobForAMinute() throws Exception {
    ChunkList list = store.store(RAW, 300);
    for (int i = 0; i < 3; i++) {
      assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Listed(list));
      assertThat(Flows.get(blobs.find(DIGEST))).contains(list);
    }
    assertThat(store.opened()).containsExactly(BLOB);
    assertThat(blobs.stats().listHits()).isEqualTo(5);
    assertThat(blobs.stats().listMisses()).isOne();
    assertThat(blobs.stats().listCacheBytes()).isPositive();

    store.objects().remove(BLOB);
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Absent());
  }

  @Test
  void shouldKnowForAMinuteThatAChunkIsThereOnceItWasRead() throws Exception {
    ChunkList list = store.store(RAW, 500);
    Digest chunk = list.get(0).digest();
    assertThat(Flows.all(blobs, list)).isEqualTo(RAW);
    store.forgetReads();

    assertThat(Flows.get(blobs.stat(chunk))).isEqualTo(new BlobStat.Whole());
    assertThat(Flows.get(blobs.find(chunk)).orElseThrow().size()).isEqualTo(500);
    assertThat(store.opened()).isEmpty();
    store.loseChunk(list, 0);
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(Flows.get(blobs.stat(chunk))).isEqualTo(new BlobStat.Absent());
  }

  @Test
  void shouldSayThatTheSingleChunkIsMissing() {
    store.objects().with(BLOB, new byte[0]);

    assertThatExceptionOfType(MissingChunkException.class)
        .isThrownBy(() -> Flows.get(blobs.stat(DIGEST)));
    assertThatExceptionOfType(MissingChunkException.class)
        .isThrownBy(() -> Flows.get(blobs.find(DIGEST)));
    assertThat(blobs.stats().missingChunks()).isEqualTo(2);
  }

  @Test
  void shouldNameTheObjectWhenItIsDamaged() throws Exception {
    for (byte[] damaged : new byte[][] {{}, {1, 2, 3}, Frames.stated(new byte[0])}) {
      store.objects().with(CHUNK, damaged);
      assertThat(Flows.get(blobs.stat(DIGEST))).isEqualTo(new BlobStat.Whole());
      assertCorrupt(CHUNK);
    }
    store.objects().with(BLOB, new byte[] {1, 2, 3});
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertCorrupt(BLOB);
    assertThat(blobs.stats().corruptObjects()).isEqualTo(4);
  }

  private void assertCorrupt(String key) {
    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> Flows.get(blobs.find(DIGEST)))
        .satisfies(e -> assertThat(e.key()).isEqualTo(key));
  }

  @Test
  void shouldLookOnceForAllWhoAskAtTheSameTime() throws Exception {
    ChunkList list = store.store(RAW, 300);
    store.holdUp();
    List<CompletableFuture<Optional<ChunkList>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(blobs.find(DIGEST));
    }
    store.letThrough(1);

    for (CompletableFuture<Optional<ChunkList>> answer : answers) {
      assertThat(Flows.get(answer)).contains(list);
    }
    assertThat(store.opened()).containsExactly(BLOB);
  }

  @Test
  void shouldReadALongListAndRefuseOneThatIsLongerThanItMayHold() throws Exception {
    int count = BlobSearch.SHORT_LIST + 904;
    ChunkList list = store.store(new byte[count], 1);
    Digest digest = list.blob();
    long bytes = (long) count * ChunkList.BYTES_A_CHUNK;
    try (CachedBlobs enough = withLists(bytes);
        CachedBlobs tooLittle = withLists(bytes - 1);
        CachedBlobs none = withLists(0)) {
      assertThat(Flows.get(enough.find(digest))).contains(list);
      assertThatExceptionOfType(TooManyChunksException.class)
          .isThrownBy(() -> Flows.get(tooLittle.find(digest)));
      assertThatExceptionOfType(TooManyChunksException.class)
          .isThrownBy(() -> Flows.get(none.find(digest)));
    }
  }

  private CachedBlobs withLists(long bytes) {
    return CachedBlobs.open(store, new ReadLimits(0, bytes, 1000, 1, 2, Flows.PATIENCE));
  }

  @Test
  void shouldGiveUpWhenNoThreadIsFreeInTime() throws IOException {
    store.holdUp();
    try (CachedBlobs busy =
        CachedBlobs.open(store, new ReadLimits(0, 1 << 20, 1000, 1, 1, Duration.ofMillis(50)))) {
      CompletableFuture<BlobStat> first = busy.stat(DIGEST);
      CompletableFuture<BlobStat> second = busy.stat(store.storeChunk(new byte[10]));

      for (CompletableFuture<BlobStat> answer : List.of(first, second)) {
        assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> Flows.get(answer));
      }
      assertThat(busy.stats().timeouts()).isEqualTo(2);
      store.letThrough(10);
    }
    // Nobody wanted the second any more.
    assertThat(store.opened()).containsExactly(BLOB);
  }
}
