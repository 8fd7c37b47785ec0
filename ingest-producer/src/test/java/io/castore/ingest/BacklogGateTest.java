package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BacklogGateTest {
  private final FakeBacklog backlog = new FakeBacklog();
  private final BacklogGate gate = new BacklogGate(1000, backlog);

  @Test
  void shouldLetPassWhileLittleWaits() throws IOException {
    backlog.set(900);
    assertThat(gate.refresh()).isFalse();

    pass(100);
    pass(50);

    assertThat(gate.backlogBytes()).isEqualTo(1050);
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void shouldHoldBackUntilTheBacklogShrinks() throws Exception {
    backlog.set(1001);
    assertThat(gate.refresh()).isFalse();
    CompletableFuture<Void> passed = CompletableFuture.runAsync(this::passUnchecked);
    await().until(() -> gate.waiting() == 1);

    backlog.set(1000);
    assertThat(gate.refresh()).isTrue();

    passed.get();
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void shouldCountWhatWasSentSince() throws IOException {
    backlog.set(0);
    gate.refresh();
    pass(600);
    gate.refresh();
    assertThat(gate.backlogBytes()).isEqualTo(600);
    pass(300);
    assertThat(gate.backlogBytes()).isEqualTo(900);

    // By now the first part is in what is known, or stored.
    backlog.set(600);
    gate.refresh();

    assertThat(gate.backlogBytes()).isEqualTo(900);
    gate.refresh();
    assertThat(gate.backlogBytes()).isEqualTo(600);
  }

  @Test
  void shouldCountAllThatWasSentWhileNothingIsKnown() throws IOException {
    pass(600);
    gate.refresh();
    gate.refresh();
    gate.refresh();
    pass(500);

    assertThat(gate.backlogBytes()).isEqualTo(1100);
  }

  @Test
  void shouldEndTheWaitThatIsNeedless() {
    backlog.set(1001);
    gate.refresh();

    assertThatIOException()
        .isThrownBy(
            () ->
                gate.awaitRoom(
                    1,
                    () -> {
                      throw new IOException("over");
                    }))
        .withMessage("over");
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void shouldEndTheWaitWhenInterrupted() {
    backlog.set(1001);
    gate.refresh();
    Thread.currentThread().interrupt();

    assertThatIOException().isThrownBy(() -> pass(1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private void passUnchecked() {
    try {
      pass(1);
    } catch (IOException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private void pass(long bytes) throws IOException {
    gate.awaitRoom(bytes, () -> {});
  }

  /** A backlog that is what a test says it is. Safe for use by many threads. */
  static final class FakeBacklog implements BacklogSource {
    private OptionalLong bytes = OptionalLong.empty();
    private long lessEachTime;
    private long looks;

    void set(long now) {
      shrink(now, 0);
    }

    /** Shrinks by so much with each look. */
    synchronized void shrink(long now, long by) {
      bytes = OptionalLong.of(now);
      lessEachTime = by;
    }

    /** How often anybody has looked. */
    synchronized long looks() {
      return looks;
    }

    @Override
    public synchronized OptionalLong bytes() {
      OptionalLong now = bytes;
      looks++;
      if (now.isPresent()) {
        bytes = OptionalLong.of(now.getAsLong() - lessEachTime);
      }
      return now;
    }

    @Override
    public void close() {}
  }
}
