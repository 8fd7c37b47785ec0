package io.castore.index;

import io.castore.pipeline.streams.DeadLetters;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all tasks of a process count of uploads, {@code castore.upload*}: see {@code
 * docs/metrics.md}. An upload counts once in each state that it comes to; after a crash, where its
 * records come again, perhaps a second time in another process.
 *
 * <p>Safe for use by many threads.
 */
final class UploadMeters {
  private static final List<State> STATES =
      List.of(State.OPEN, State.SEALED, State.COMPLETE, State.FAILED, State.ABORTED, State.EXPIRED);

  /** From a small file to a night's backup. */
  private static final Duration[] DURATIONS = {
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6)
  };

  private final Map<State, Counter> states = new EnumMap<>(State.class);
  private final Timer duration;
  private final Counter bytes;
  private final Counter newBytes;
  private final Counter deadLetters;
  private final AtomicLong inProgress = new AtomicLong();

  /**
   * Adds the meters.
   *
   * @param deadLetterQueue name of its topic
   */
  UploadMeters(MeterRegistry registry, String deadLetterQueue) {
    for (State state : STATES) {
      states.put(
          state,
          Counter.builder("castore.uploads")
              .description("Uploads that came to a state")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    duration =
        Timer.builder("castore.upload.duration")
            .description("From when an upload was opened until its blob was readable")
            .serviceLevelObjectives(DURATIONS)
            .register(registry);
    bytes = counter("castore.upload.bytes", "Bytes of complete uploads", registry);
    newBytes =
        counter("castore.upload.new.bytes", "Those that the store did not hold before", registry);
    deadLetters = DeadLetters.counter(deadLetterQueue, registry);
    Gauge.builder("castore.uploads.in.progress", inProgress::get)
        .description("Uploads that were heard of lately and have not ended, in the partitions here")
        .register(registry);
  }

  private static Counter counter(String name, String description, MeterRegistry registry) {
    return Counter.builder(name).description(description).register(registry);
  }

  /** Counts an upload that was heard of for the first time. */
  void begun() {
    count(State.OPEN);
  }

  /** Counts an upload that is sealed now. */
  void sealed() {
    count(State.SEALED);
  }

  /** Counts an upload that has ended. */
  void ended(UploadStatus status) {
    count(status.getState());
    if (status.getState() != State.COMPLETE) {
      return;
    }
    bytes.increment((double) status.getSize());
    newBytes.increment((double) status.getNewBytes());
    // The producer's clock may be ahead of this machine's. 0: its first event was lost.
    if (status.getOpenedAtMs() > 0) {
      duration.record(
          Duration.ofMillis(Math.max(0, status.getUpdatedAtMs() - status.getOpenedAtMs())));
    }
  }

  private void count(State state) {
    Counter counter = states.get(state);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A task looks after so many uploads more than it did. */
  void inProgress(int difference) {
    inProgress.addAndGet(difference);
  }

  /** Gives what counts records at fault. */
  Counter deadLetters() {
    return deadLetters;
  }
}
