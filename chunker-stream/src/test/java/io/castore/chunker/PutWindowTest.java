package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.state.StoredChunk;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class PutWindowTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk FIRST = Chunk.of("first");
  private static final Chunk SECOND = Chunk.of("second");

  private final FallibleWriter store = new FallibleWriter();
  private final Noted noted = new Noted();

  @Test
  void shouldSettleInTheOrderInWhichPutsEnd() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 1);
    put(window, SECOND, 2);

    settleUntil(window, 1);
    assertThat(noted.events).containsExactly("remember " + SECOND.digest(), "answer 2");
    assertThat(window.chunk(FIRST.digest())).isNotNull();
    assertThat(window.chunk(SECOND.digest())).isNull();

    letGo.countDown();
    window.drain();
    assertThat(noted.events).hasSize(4).endsWith("remember " + FIRST.digest(), "answer 1");
    assertThat(window.size()).isZero();
  }

  @Test
  void shouldAnswerAllRecordsOfAChunkAfterItsOnePut() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 1);
    window.join(FIRST.digest(), receipt(2), 2);
    window.join(FIRST.digest(), receipt(3), 3);

    window.settle();
    assertThat(noted.events).isEmpty();

    letGo.countDown();
    window.drain();
    assertThat(noted.events)
        .containsExactly("remember " + FIRST.digest(), "answer 1", "answer 2", "answer 3");
    assertThat(store.begun()).containsExactly(FIRST.key());
  }

  @Test
  void shouldSettleNothingMoreOnceAPutHasFailed() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(SECOND.key());
    store.goAway();
    put(window, FIRST, 1);
    assertThatThrownBy(window::drain)
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(StoreUnavailableException.class);

    store.comeBack();
    assertThatThrownBy(() -> put(window, SECOND, 2)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(window::settle).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(window::makeRoom).isInstanceOf(UncheckedIOException.class);
    window.discard();
    assertThatThrownBy(window::drain).isInstanceOf(UncheckedIOException.class);
    assertThat(noted.events).isEmpty();
    letGo.countDown();
  }

  @Test
  void shouldTakeErrorsForFailures() {
    PutWindow window = window(Duration.ofMinutes(1));
    store.holdBack(
        FIRST.key(),
        () -> {
          throw new AssertionError("out of everything");
        });
    put(window, FIRST, 1);

    assertThatThrownBy(window::drain).hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void shouldNotHeedWhatEndsAfterItsTime() {
    PutWindow window = window(Duration.ofMillis(100));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 1);

    assertThatThrownBy(window::drain)
        .rootCause()
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("1 chunks on their way to the store home were not acknowledged within 100 ms");

    letGo.countDown();
    awaitPuts(1);
    assertThatThrownBy(window::drain).hasRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(noted.events).isEmpty();
  }

  @Test
  void shouldNotHeedWhatEndsAfterItWasDiscarded() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 1);

    window.discard();
    letGo.countDown();
    awaitPuts(1);

    // Its offset must not be committed any more.
    assertThatThrownBy(window::drain)
        .rootCause()
        .hasMessage(
            "1 chunks on their way to the store home were not acknowledged when their task was"
                + " closed");
    assertThat(noted.events).isEmpty();
  }

  @Test
  void shouldHaveNothingAgainstACommitAfterItWasDiscardedEmpty() {
    PutWindow window = window(Duration.ofMinutes(1));
    put(window, FIRST, 1);
    window.drain();

    window.discard();
    window.drain();

    assertThat(noted.events).hasSize(2);
  }

  @Test
  void shouldBoundTheRecordsThatWait() {
    PutWindow window = window(Duration.ofMillis(100));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 0);
    for (int i = 1; i < pool().mostHeld(); i++) {
      window.makeRoom();
      window.join(FIRST.digest(), receipt(i), i);
    }

    assertThatThrownBy(window::makeRoom).hasRootCauseInstanceOf(StoreUnavailableException.class);
    letGo.countDown();
  }

  @Test
  void shouldMakeRoomWhenPutsEnd() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 0);
    for (int i = 1; i < pool().mostHeld(); i++) {
      window.join(FIRST.digest(), receipt(i), i);
    }

    letGo.countDown();
    window.makeRoom();

    assertThat(noted.events).hasSize(1 + pool().mostHeld());
    assertThat(window.size()).isZero();
  }

  /** Kafka Streams processes a record again when sending something met a timeout. */
  @Test
  void shouldGoOnWhereAnsweringStopped() {
    PutWindow window = window(Duration.ofMinutes(1));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    put(window, FIRST, 1);
    window.join(FIRST.digest(), receipt(2), 2);
    noted.failAt = 2;
    letGo.countDown();

    assertThatThrownBy(window::drain).isInstanceOf(TimeoutException.class);
    noted.failAt = -1;
    window.drain();

    assertThat(noted.events)
        .containsExactly(
            "remember " + FIRST.digest(), "answer 1", "remember " + FIRST.digest(), "answer 2");
  }

  @Test
  void shouldHaveEndedBeforePutReturnsWherePutsArePlain() {
    PutPool plain = new PutPool(store, 1, 1 << 20);
    PutWindow window = new PutWindow(plain, Duration.ofMinutes(1), "home", noted);
    put(window, FIRST, 1);
    assertThat(store.puts()).containsExactly(FIRST.key());

    window.settle();

    assertThat(noted.events).containsExactly("remember " + FIRST.digest(), "answer 1");
    assertThat(window.size()).isZero();
  }

  private PutWindow window(Duration timeout) {
    return new PutWindow(pool(), timeout, "home", noted);
  }

  private PutPool pool() {
    return new PutPool(store, 4, 1 << 20);
  }

  private static void put(PutWindow window, Chunk chunk, int seq) {
    ChunkOutcome.New fresh =
        new ChunkOutcome.New(chunk.digest(), chunk.raw().length, ObjectBody.of(chunk.frame()));
    window.put(fresh, StoredChunk.getDefaultInstance(), receipt(seq));
  }

  private static PendingReceipt receipt(int seq) {
    return new PendingReceipt(UPLOAD, ChunkReceipt.newBuilder().setSeq(seq).build(), 0);
  }

  private static void settleUntil(PutWindow window, int size) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              window.settle();
              return window.size() == size;
            });
  }

  private void awaitPuts(int count) {
    await().atMost(Duration.ofMinutes(1)).until(() -> store.puts().size() == count);
  }

  private static final class Noted implements PutWindow.Settlement {
    private final List<String> events = new ArrayList<>();
    private long failAt = -1;

    @Override
    public void remember(Digest digest, StoredChunk chunk, Duration took) {
      events.add("remember " + digest);
    }

    @Override
    public void answer(PendingReceipt receipt) {
      if (receipt.receipt().getSeq() == failAt) {
        throw new TimeoutException("try again");
      }
      events.add("answer " + receipt.receipt().getSeq());
    }
  }
}
