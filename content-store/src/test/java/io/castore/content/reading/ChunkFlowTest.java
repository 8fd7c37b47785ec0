package io.castore.content.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.castore.content.blob.MissingChunkException;
import io.castore.content.codec.Frames;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.CorruptObjectException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChunkFlowTest {
  private final WatchedStore store = new WatchedStore();

  @Property(tries = 300)
  void shouldGiveAnyPartOfAnyBlobWithinAnyBudget(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    WatchedStore objects = new WatchedStore();
    byte[] raw = WatchedStore.randomBytes(1 + random.nextInt(30_000), seed);
    int[] sizes = random.ints(1 + random.nextInt(9), 1, 4000).toArray();
    ChunkList blob = objects.store(raw, sizes);
    long largest = blob.stream().mapToLong(ChunkRef::size).max().orElseThrow();
    long budget = random.nextInt(20_000);
    ReadLimits limits =
        new ReadLimits(
            random.nextInt(20_000),
            1 << 20,
            budget,
            random.nextInt(5),
            1 + random.nextInt(4),
            Flows.PATIENCE);
    AtomicLong most = new AtomicLong();

    try (CachedBlobs blobs = CachedBlobs.open(objects, limits)) {
      objects.onRead(() -> most.accumulateAndGet(blobs.stats().memoryBytes(), Math::max));
      List<BlobFlow> flows = new ArrayList<>();
      List<CompletableFuture<byte[]>> contents = new ArrayList<>();
      List<byte[]> expected = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int start = random.nextInt(raw.length + 1);
        int length = random.nextInt(raw.length - start + 1);
        BlobFlow flow = blobs.open(blob, start, length);
        flows.add(flow);
        expected.add(Arrays.copyOfRange(raw, start, start + length));
        contents.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return Flows.all(flow);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      for (int i = 0; i < flows.size(); i++) {
        assertThat(Flows.get(contents.get(i))).isEqualTo(expected.get(i));
        assertThat(Flows.next(flows.get(i))).isEmpty();
      }

      ReadStats stats = blobs.stats();
      assertThat(stats.memoryBytes()).isZero();
      assertThat(stats.memoryWaiting()).isZero();
      assertThat(stats.openFlows()).isZero();
      assertThat(stats.memoryPeakBytes()).isLessThanOrEqualTo(Math.max(budget, largest));
      assertThat(most).hasValueLessThanOrEqualTo(Math.max(budget, largest));
    }
  }

  @Test
  void shouldTouchOnlyTheChunksOfThePart() throws Exception {
    byte[] raw = WatchedStore.randomBytes(10_000, 1);
    ChunkList blob = store.store(raw, 1000);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 4));
        BlobFlow flow = blobs.open(blob, 2500, 2000)) {
      assertThat(store.opened()).isEmpty();
      assertThat(Flows.all(flow)).isEqualTo(Arrays.copyOfRange(raw, 2500, 4500));
    }
    assertThat(store.opened()).containsExactlyInAnyOrder(key(blob, 2), key(blob, 3), key(blob, 4));
  }

  @Test
  void shouldGiveNothingOfAnEmptyPart() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(100, 1), 100);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 4))) {
      for (BlobFlow flow :
          List.of(
              blobs.open(blob, 100, 0),
              blobs.open(blob, 50, 0),
              blobs.open(ChunkList.of(Digest.EMPTY), 0, 0))) {
        assertThat(Flows.next(flow)).isEmpty();
        assertThat(Flows.next(flow)).isEmpty();
        flow.close();
      }
      assertThat(blobs.stats().openFlows()).isZero();
      for (long[] part : new long[][] {{-1, 1}, {0, -1}, {0, 101}, {100, 1}, {1, Long.MAX_VALUE}}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> blobs.open(blob, part[0], part[1]))
            .withMessageEndingWith("(expected: within the blob's 100 bytes)");
      }
    }
  }

  @Test
  void shouldReadAheadSoManyChunksAndNoMore() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(10_000, 1), 1000);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 3));
        BlobFlow flow = blobs.open(blob, 0, blob.size())) {
      Flows.next(flow);

      await().until(() -> store.opened().size() == 4);
      assertThat(blobs.stats().memoryBytes()).isEqualTo(4000);
      Flows.next(flow);
      await().until(() -> store.opened().size() == 5);
      assertThat(blobs.stats().memoryBytes()).isEqualTo(4000);
    }
  }

  @Test
  void shouldReadAChunkOnceForAllWhoWantItAtTheSameTime() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(1000, 1), 1000);
    store.holdUp();
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 0))) {
      List<CompletableFuture<Optional<ByteBuffer>>> pieces = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        pieces.add(blobs.open(blob, 0, 1000).next());
      }
      store.letThrough(1);
      for (CompletableFuture<Optional<ByteBuffer>> piece : pieces) {
        assertThat(Flows.get(piece)).isPresent();
      }
      assertThat(store.opened()).hasSize(1);
      assertThat(blobs.stats().memoryBytes()).isEqualTo(20_000);
    }
  }

  @Test
  void shouldReadCachedChunksFromTheStoreNoMore() throws Exception {
    byte[] raw = WatchedStore.randomBytes(10_000, 1);
    ChunkList blob = store.store(raw, 1000);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 2))) {
      assertThat(Flows.all(blobs, blob)).isEqualTo(raw);
      store.forgetReads();
      assertThat(Flows.all(blobs, blob)).isEqualTo(raw);

      assertThat(store.opened()).isEmpty();
      assertThat(blobs.stats().chunkHits()).isEqualTo(10);
      assertThat(blobs.stats().chunkMisses()).isEqualTo(10);
      assertThat(blobs.stats().chunkCacheBytes()).isBetween(10_000L, 20_000L);
      assertThat(blobs.stats().storeBytes()).isBetween(10_000L, 11_000L);
    }
  }

  @Test
  void shouldGiveAllBeforeAMissingChunkAndThenFail() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(10_000, 1), 1000);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 8))) {
      assertThat(Flows.get(blobs.find(blob.blob()))).contains(blob);
      Digest gone = store.loseChunk(blob, 3);
      BlobFlow flow = blobs.open(blob, 0, blob.size());
      for (int i = 0; i < 3; i++) {
        assertThat(Flows.next(flow)).isPresent();
      }
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(MissingChunkException.class)
            .isThrownBy(() -> Flows.next(flow))
            .satisfies(e -> assertThat(e.chunk()).isEqualTo(gone))
            .satisfies(e -> assertThat(e.blob()).isEqualTo(blob.blob()));
      }

      assertThat(blobs.stats().missingChunks()).isOne();
      assertThat(blobs.stats().memoryBytes()).isZero();
      assertThat(blobs.stats().openFlows()).isZero();
      // The list may have been replaced by a repair.
      store.forgetReads();
      assertThat(Flows.get(blobs.find(blob.blob()))).contains(blob);
      assertThat(store.opened()).containsExactly(BucketLayout.blobKey(blob.blob()));
    }
  }

  @Test
  void shouldGiveAllBeforeACorruptChunkAndThenFail() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(10_000, 1), 1000);
    byte[] wrong = WatchedStore.randomBytes(1000, 2);
    for (byte[] object : List.of(new byte[0], wrong, Frames.stated(wrong), Frames.bomb(10))) {
      store.objects().with(key(blob, 3), object);
      try (CachedBlobs blobs = open(Flows.limits(1 << 20, 8))) {
        BlobFlow flow = blobs.open(blob, 0, blob.size());
        for (int i = 0; i < 3; i++) {
          assertThat(Flows.next(flow)).isPresent();
        }
        assertThatExceptionOfType(CorruptObjectException.class)
            .isThrownBy(() -> Flows.next(flow))
            .satisfies(e -> assertThat(e.key()).isEqualTo(key(blob, 3)));

        assertThat(blobs.stats().corruptObjects()).isOne();
        assertThat(blobs.stats().memoryBytes()).isZero();
      }
    }
  }

  @Test
  void shouldRefuseAWrongSizeAlsoWhenTheChunkIsCached() throws Exception {
    byte[] raw = WatchedStore.randomBytes(1000, 1);
    Digest digest = store.storeChunk(raw);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 0))) {
      assertThat(Flows.all(blobs, ChunkList.of(digest, new ChunkRef(digest, 1000)))).isEqualTo(raw);

      assertThatExceptionOfType(CorruptObjectException.class)
          .isThrownBy(() -> Flows.all(blobs, ChunkList.of(digest, new ChunkRef(digest, 1001))))
          .withMessageEndingWith("raw size: 1000 bytes (expected: 1001)");
    }
  }

  @Test
  void shouldGiveMemoryBackWhenClosedWhileItLoads() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(10_000, 1), 1000);
    store.holdUp();
    try (CachedBlobs blobs = open(Flows.limits(5000, 8))) {
      BlobFlow flow = blobs.open(blob, 0, blob.size());
      CompletableFuture<Optional<ByteBuffer>> piece = flow.next();
      await().until(() -> store.heldUp() == 4);
      assertThat(blobs.stats().memoryBytes()).isEqualTo(5000);
      flow.close();
      flow.close();

      assertThat(blobs.stats().memoryBytes()).isZero();
      assertThat(blobs.stats().openFlows()).isZero();
      assertThatThrownBy(() -> Flows.get(piece)).hasMessageEndingWith(" is closed");
      assertThatThrownBy(() -> Flows.next(flow)).isInstanceOf(IOException.class);
      // What waited for a thread is not read any more.
      store.letThrough(1000);
      await().until(() -> store.heldUp() == 0);
      assertThat(store.opened()).hasSize(4);
    }
  }

  @Test
  void shouldRefuseToBeAskedTwiceAtATime() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(1000, 1), 1000);
    store.holdUp();
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 0));
        BlobFlow flow = blobs.open(blob, 0, 1000)) {
      CompletableFuture<Optional<ByteBuffer>> piece = flow.next();
      assertThatThrownBy(flow::next).isInstanceOf(IllegalStateException.class);
      store.letThrough(1);
      assertThat(Flows.get(piece)).isPresent();
    }
  }

  @Test
  void shouldFinishAllOfManyFlowsWithATinyBudget() throws Exception {
    byte[] raw = WatchedStore.randomBytes(40_000, 1);
    ChunkList blob = store.store(raw, 700, 1500, 100);
    try (CachedBlobs blobs = open(new ReadLimits(3000, 1 << 20, 2000, 4, 4, Flows.PATIENCE))) {
      ExecutorService readers = Executors.newFixedThreadPool(64);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int start = i * 400;
        all.add(
            readers.submit(
                () -> {
                  try (BlobFlow flow = blobs.open(blob, start, 10_000)) {
                    assertThat(Flows.all(flow))
                        .isEqualTo(Arrays.copyOfRange(raw, start, start + 10_000));
                  }
                  return true;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      readers.shutdown();

      assertThat(blobs.stats().memoryPeakBytes()).isLessThanOrEqualTo(2000);
      assertThat(blobs.stats().memoryBytes()).isZero();
      assertThat(blobs.stats().memoryWaits()).isPositive();
    }
  }

  @Test
  void shouldReadAChunkThatIsLargerThanTheBudget() throws Exception {
    byte[] raw = WatchedStore.randomBytes(10_000, 1);
    ChunkList blob = store.store(raw, 3000);
    try (CachedBlobs blobs = open(Flows.limits(10, 4))) {
      assertThat(Flows.all(blobs, blob)).isEqualTo(raw);
      assertThat(blobs.stats().memoryPeakBytes()).isEqualTo(3000);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2000", "8, 4000"})
  void shouldTakeReadAheadFromTheStalledWhenOthersWait(int readAhead, long memory)
      throws Exception {
    byte[] raw = WatchedStore.randomBytes(10_000, 1);
    ChunkList blob = store.store(raw, 1000);
    try (CachedBlobs blobs = open(Flows.limits(memory, readAhead))) {
      BlobFlow stalled = blobs.open(blob, 0, blob.size());
      assertThat(Flows.next(stalled)).isPresent();
      assertThat(blobs.stats().memoryBytes()).isEqualTo(memory);

      for (int i = 0; i < 3; i++) {
        assertThat(Flows.all(blobs, blob)).isEqualTo(raw);
      }
      assertThat(blobs.stats().memoryBytes()).isEqualTo(1000);
      assertThat(Flows.all(stalled)).isEqualTo(Arrays.copyOfRange(raw, 1000, 10_000));
      assertThat(blobs.stats().memoryBytes()).isZero();
    }
  }

  @Test
  void shouldFailWhenThereIsNoMemoryInTime() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(2000, 1), 1000);
    try (CachedBlobs blobs = open(new ReadLimits(0, 1 << 20, 1000, 4, 4, Duration.ofMillis(50)))) {
      BlobFlow stalled = blobs.open(blob, 0, blob.size());
      assertThat(Flows.next(stalled)).isPresent();
      BlobFlow waiting = blobs.open(blob, 0, blob.size());

      assertThatExceptionOfType(ReadTimeoutException.class)
          .isThrownBy(() -> Flows.next(waiting))
          .withMessageContaining(blob.blob() + " at byte 0: not read within 50 ms");
      assertThat(blobs.stats().timeouts()).isOne();
      assertThat(blobs.stats().memoryWaiting()).isZero();
      assertThat(Flows.all(stalled)).hasSize(1000);
    }
  }

  @Test
  void shouldCompleteAtOnceWhatIsCached() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(3000, 1), 1000);
    try (CachedBlobs blobs = open(Flows.limits(1 << 20, 1))) {
      Flows.all(blobs, blob);
      BlobFlow flow = blobs.open(blob, 0, blob.size());

      for (int i = 0; i < 4; i++) {
        assertThat(flow.next()).isDone();
      }
    }
  }

  @Test
  void shouldCountALongListOnceForAllFlowsThatUseIt() throws Exception {
    int count = BlobSearch.SHORT_LIST + 1;
    ChunkList blob = store.store(new byte[count], 1);
    ChunkList equal = store.store(new byte[count], 1);
    long listBytes = blob.memoryBytes();
    try (CachedBlobs blobs =
        open(new ReadLimits(1000, listBytes, 1000, 1, 2, Duration.ofMillis(300)))) {
      BlobFlow one = blobs.open(blob, 0, blob.size());
      BlobFlow same = blobs.open(blob, 5, 5);
      assertThat(Flows.next(one)).isPresent();
      assertThat(Flows.next(same)).isPresent();
      assertThatExceptionOfType(ReadTimeoutException.class)
          .isThrownBy(() -> Flows.next(blobs.open(equal, 0, 1)));
      one.close();
      assertThatExceptionOfType(ReadTimeoutException.class)
          .isThrownBy(() -> Flows.next(blobs.open(equal, 0, 1)));
      same.close();

      assertThat(Flows.next(blobs.open(equal, 0, 1))).isPresent();
    }
  }

  @Test
  void shouldFailWhatWaitsWhenReadingIsClosed() throws Exception {
    ChunkList blob = store.store(WatchedStore.randomBytes(10_000, 1), 1000);
    store.holdUp();
    CachedBlobs blobs = open(Flows.limits(1000, 8));
    BlobFlow loading = blobs.open(blob, 0, blob.size());
    CompletableFuture<Optional<ByteBuffer>> piece = loading.next();
    CompletableFuture<Optional<ByteBuffer>> waiting = blobs.open(blob, 0, 10).next();
    await().until(() -> store.heldUp() == 1);
    blobs.close();

    for (CompletableFuture<Optional<ByteBuffer>> end :
        List.of(piece, waiting, blobs.open(blob, 0, 10).next())) {
      assertThatThrownBy(() -> Flows.get(end)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Flows.get(blobs.find(blob.blob()))).isInstanceOf(IOException.class);
    assertThat(blobs.stats().memoryBytes()).isZero();
    assertThat(blobs.stats().openFlows()).isZero();
  }

  private CachedBlobs open(ReadLimits limits) {
    return CachedBlobs.open(store, limits);
  }

  private static String key(ChunkList blob, int index) {
    return BucketLayout.chunkKey(blob.get(index).digest());
  }
}
