package io.castore.chunker;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Settles PUTs while no records come. It ticks only as long as there is something to settle: each
 * tick makes Kafka Streams commit, so an idle task that ticked would commit for ever.
 *
 * <p>Used by the thread that runs the task, inside of its processor.
 */
final class SettleTimer {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final ProcessorContext<?, ?> context;
  private final Runnable settle;
  private @Nullable Cancellable ticking;

  /**
   * Makes a timer that stands still.
   *
   * @param settle is run at each tick
   */
  SettleTimer(ProcessorContext<?, ?> context, Runnable settle) {
    this.context = context;
    this.settle = settle;
  }

  /** Begins to tick, unless it does already. */
  void start() {
    if (ticking == null) {
      ticking = context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> settle.run());
    }
  }

  /** Stands still. */
  void stop() {
    if (ticking != null) {
      ticking.cancel();
      ticking = null;
    }
  }
}
