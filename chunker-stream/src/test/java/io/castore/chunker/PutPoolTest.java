package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.castore.content.objectstore.ObjectBody;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PutPoolTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final long MIB = 1 << 20;

  private final FallibleWriter store = new FallibleWriter();
  private final Queue<String> ended = new ConcurrentLinkedQueue<>();

  @Test
  void shouldBeginNoMoreThanItMay() throws InterruptedException {
    PutPool pool = new PutPool(store, 2, MIB);
    List<Chunk> chunks = IntStream.range(0, 3).mapToObj(i -> Chunk.of("chunk " + i)).toList();
    List<CountDownLatch> latches =
        chunks.stream().map(chunk -> store.holdBack(chunk.key())).toList();

    assertThat(put(pool, chunks.get(0), LONG)).isTrue();
    assertThat(put(pool, chunks.get(1), LONG)).isTrue();
    assertThat(put(pool, chunks.get(2), SHORT)).isFalse();

    latches.get(1).countDown();
    assertThat(put(pool, chunks.get(2), LONG)).isTrue();
    latches.forEach(CountDownLatch::countDown);
    awaitEnded(3);
  }

  @Test
  void shouldGiveBackWhatFailedPutsTook() throws InterruptedException {
    PutPool pool = new PutPool(store, 2, 1);
    store.goAway();

    for (int i = 0; i < 10; i++) {
      assertThat(put(pool, Chunk.of("chunk " + i), LONG)).isTrue();
    }

    awaitEnded(10);
    assertThat(ended).allMatch(end -> end.endsWith("the store is away"));
  }

  @Test
  void shouldMakePlainPutsOnTheCallersThread() throws InterruptedException {
    PutPool pool = new PutPool(store, 1, MIB);
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    Chunk chunk = Chunk.of("chunk");
    store.holdBack(chunk.key(), () -> threads.add(Thread.currentThread()));

    put(pool, chunk, LONG);

    assertThat(pool.isPlain()).isTrue();
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(ended).hasSize(1);
  }

  /** Nobody closes a pool, so its threads must not keep a process from ending. */
  @Test
  void shouldUseDaemons() throws InterruptedException {
    PutPool pool = new PutPool(store, 2, MIB);
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    Chunk chunk = Chunk.of("chunk");
    store.holdBack(chunk.key(), () -> threads.add(Thread.currentThread()));

    put(pool, chunk, LONG);

    awaitEnded(1);
    assertThat(pool.isPlain()).isFalse();
    assertThat(threads).hasSize(1).allMatch(Thread::isDaemon);
  }

  @Test
  void shouldBoundBytes() throws InterruptedException {
    PutBudget budget = new PutBudget(10, MIB);

    assertThat(budget.take(MIB - 1024, LONG)).isTrue();
    assertThat(budget.take(1024, LONG)).isTrue();
    assertThat(budget.take(1, SHORT)).isFalse();
    budget.giveBack(1024);
    assertThat(budget.take(1025, SHORT)).isFalse();
    assertThat(budget.take(1024, LONG)).isTrue();
  }

  @Test
  void shouldLetWhatIsLargerThanTheBudgetPassAlone() throws InterruptedException {
    PutBudget budget = new PutBudget(10, MIB);

    assertThat(budget.take(4 * MIB, LONG)).isTrue();
    assertThat(budget.take(1, SHORT)).isFalse();
    budget.giveBack(4 * MIB);
    assertThat(budget.take(1, LONG)).isTrue();
    assertThat(budget.take(4 * MIB, SHORT)).isFalse();
    budget.giveBack(1);
    assertThat(budget.take(4 * MIB, LONG)).isTrue();
  }

  @Test
  void shouldTakeNothingWhereBytesAreWanting() throws InterruptedException {
    PutBudget budget = new PutBudget(2, MIB);
    assertThat(budget.take(MIB, LONG)).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(budget.take(1, SHORT)).isFalse();
    }
    budget.giveBack(MIB);

    assertThat(budget.take(1, LONG)).isTrue();
    assertThat(budget.take(1, LONG)).isTrue();
    assertThat(budget.take(1, SHORT)).isFalse();
  }

  private boolean put(PutPool pool, Chunk chunk, Duration timeout) throws InterruptedException {
    return pool.put(
        chunk.digest(),
        ObjectBody.of(chunk.frame()),
        timeout,
        (digest, took, failure) ->
            ended.add(digest + ": " + (failure == null ? "stored" : failure.getMessage())));
  }

  private void awaitEnded(int count) {
    await().atMost(LONG).until(() -> ended.size() == count);
  }
}
