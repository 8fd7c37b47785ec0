package io.castore.ingest;

import io.castore.proto.pipeline.ServiceStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the pipeline's services said of themselves within the last minute, by the clock of who
 * listens: a service that has said nothing for longer is gone.
 *
 * <p>Safe for use by many threads.
 */
final class PausedServices {
  private static final long GONE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private final Map<String, Heard> newest = new HashMap<>();

  /** Measures age with a clock such as {@link System#nanoTime}. */
  PausedServices(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Heard(ServiceStatus status, long atNanos) {}

  /**
   * Takes what a service says.
   *
   * @param service role and instance
   */
  synchronized void heard(String service, ServiceStatus status) {
    long now = nanoTime.getAsLong();
    newest.values().removeIf(heard -> isGone(heard, now));
    newest.put(service, new Heard(status, now));
  }

  /** Tells, for a person, which service waits for the store, and why, if one does. */
  synchronized Optional<String> pause() {
    long now = nanoTime.getAsLong();
    return newest.values().stream()
        .filter(heard -> !isGone(heard, now))
        .map(Heard::status)
        .filter(status -> status.getState() == ServiceStatus.State.PAUSED)
        .map(PausedServices::describe)
        .sorted()
        .findFirst();
  }

  private static String describe(ServiceStatus paused) {
    return "the %s waits for the store: %s".formatted(paused.getRole(), paused.getReason());
  }

  private static boolean isGone(Heard heard, long now) {
    return now - heard.atNanos > GONE_NANOS;
  }
}
