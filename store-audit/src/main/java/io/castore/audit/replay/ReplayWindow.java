package io.castore.audit.replay;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of the log is looked at, by the times that statuses carry.
 *
 * @param from uploads that were told of at this time or later
 * @param to uploads that were told of at this time or before
 */
public record ReplayWindow(Optional<Instant> from, Optional<Instant> to) {
  /** Everything. */
  public static final ReplayWindow ALL = new ReplayWindow(Optional.empty(), Optional.empty());

  /** Whether it is everything. */
  public boolean isAll() {
    return from.isEmpty() && to.isEmpty();
  }

  /** Whether a time is in it. */
  public boolean contains(long timeMs) {
    return (from.isEmpty() || timeMs >= from.get().toEpochMilli())
        && (to.isEmpty() || timeMs <= to.get().toEpochMilli());
  }
}
