package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

final class SettleTimerTest {
  private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
  private final AtomicInteger settled = new AtomicInteger();
  private final SettleTimer timer = new SettleTimer(context, settled::incrementAndGet);

  @Test
  void shouldStandStillUntilItIsStarted() {
    assertThat(context.scheduledPunctuators()).isEmpty();
  }

  @Test
  void shouldTickByTheWallClockOnceStarted() {
    timer.start();
    timer.start();

    assertThat(context.scheduledPunctuators()).hasSize(1);
    CapturedPunctuator tick = context.scheduledPunctuators().get(0);
    assertThat(tick.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
    tick.getPunctuator().punctuate(0);
    assertThat(settled).hasValue(1);
  }

  @Test
  void shouldTickNoMoreOnceStopped() {
    timer.start();
    timer.stop();
    timer.stop();
    assertThat(context.scheduledPunctuators()).allMatch(CapturedPunctuator::cancelled);

    timer.start();
    assertThat(context.scheduledPunctuators())
        .extracting(CapturedPunctuator::cancelled)
        .containsExactly(true, false);
  }
}
