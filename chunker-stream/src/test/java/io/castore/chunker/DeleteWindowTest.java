package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.pipeline.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeleteWindowTest {
  private static final Chunk FIRST = Chunk.of("first");
  private static final Chunk SECOND = Chunk.of("second");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FallibleWriter store = new FallibleWriter();
  private final List<String> deleted = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  @Test
  void shouldRemoveManyAtATime() {
    DeleteWindow window = window(4, MINUTE);
    CountDownLatch letGo = store.holdBack(FIRST.key());
    delete(window, FIRST);
    delete(window, SECOND);

    window.await(SECOND.digest());
    assertThat(deleted).containsExactly(SECOND.key());
    assertThat(window.size()).isEqualTo(1);

    letGo.countDown();
    window.drain();
    assertThat(deleted).containsExactly(SECOND.key(), FIRST.key());
    assertThat(window.size()).isZero();
  }

  @Test
  void shouldWaitForADeleteThatIsOnItsWay() throws InterruptedException {
    DeleteWindow window = window(4, MINUTE);
    CountDownLatch letGo = store.holdBack(FIRST.key());
    delete(window, FIRST);
    AtomicBoolean isFree = new AtomicBoolean();
    Thread waiting =
        new Thread(
            () -> {
              window.await(FIRST.digest());
              isFree.set(true);
            });
    waiting.start();
    await()
        .atMost(MINUTE)
        .until(() -> waiting.getState() == Thread.State.TIMED_WAITING || isFree.get());
    assertThat(isFree).isFalse();

    letGo.countDown();
    waiting.join();
    assertThat(isFree).isTrue();
    assertThat(store.deletes()).containsExactly(FIRST.key());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void shouldBeDoneWithWhatTheStoreDoesNotRemove(int requests) {
    DeleteWindow window = window(requests, MINUTE);
    store.refuseDeletes();
    delete(window, FIRST);
    window.drain();
    store.goAway();
    delete(window, SECOND);
    window.drain();

    assertThat(left).containsExactly(FIRST.key(), SECOND.key());
    assertThat(deleted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void shouldLeaveWhatComesTooLate(int requests) {
    DeleteWindow window = window(requests, MINUTE);
    window.delete(FIRST.digest(), FIRST.key(), System.nanoTime() - MINUTE.plusSeconds(1).toNanos());
    window.drain();

    assertThat(left).containsExactly(FIRST.key());
    assertThat(store.begun()).isEmpty();
  }

  @Test
  void shouldFailWhereADeleteDoesNotEnd() {
    DeleteWindow window = window(4, Duration.ofMillis(100));
    CountDownLatch letGo = store.holdBack(FIRST.key());
    delete(window, FIRST);

    assertThatThrownBy(window::drain)
        .isInstanceOf(UncheckedIOException.class)
        .rootCause()
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("1 deletes on their way to the store home did not end within 100 ms");
    letGo.countDown();
    await().atMost(MINUTE).until(() -> store.deletes().size() == 1);
    assertThatThrownBy(window::drain).isInstanceOf(UncheckedIOException.class);
    assertThat(deleted).isEmpty();
  }

  @Test
  void shouldKeepACommitFromBeingMadeAfterItWasDiscarded() {
    DeleteWindow window = window(4, MINUTE);
    CountDownLatch letGo = store.holdBack(FIRST.key());
    delete(window, FIRST);

    window.discard();

    assertThatThrownBy(window::drain).isInstanceOf(UncheckedIOException.class);
    letGo.countDown();
  }

  @Test
  void shouldHaveNothingAgainstACommitAfterItWasDiscardedEmpty() {
    DeleteWindow window = window(4, MINUTE);

    window.discard();
    window.drain();

    assertThat(window.size()).isZero();
  }

  private static void delete(DeleteWindow window, Chunk chunk) {
    window.delete(chunk.digest(), chunk.key(), System.nanoTime());
  }

  private DeleteWindow window(int requests, Duration timeout) {
    return new DeleteWindow(
        new StoreTarget(
            "home",
            Chunk.CODEC,
            new PutPool(store, requests, 1 << 20),
            timeout,
            MINUTE,
            new ChunkerMeters(new SimpleMeterRegistry(), "dead-letters"),
            Tracing.OFF),
        new DeleteWindow.Settlement() {
          @Override
          public void deleted(String key) {
            deleted.add(key);
          }

          @Override
          public void left(String key, Throwable why) {
            left.add(key);
          }
        });
  }
}
