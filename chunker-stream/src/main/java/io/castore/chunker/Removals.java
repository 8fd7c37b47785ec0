package io.castore.chunker;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says and counts what became of the objects that were to be removed. Of objects that are left, one
 * is named in a warning, and then none for a minute: where the right to delete is missing, all of
 * them are.
 *
 * <p>Used by the thread that runs the task.
 */
final class Removals implements DeleteWindow.Settlement {
  private static final Logger log = LoggerFactory.getLogger(Removals.class);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  private final ChunkMetrics metrics;
  private long warnedNanos = System.nanoTime() - QUIET_NANOS;
  private long unsaid;

  Removals(ChunkMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void deleted(String key) {
    metrics.collected();
  }

  @Override
  public void left(String key, Throwable why) {
    metrics.deleteFailed();
    long now = System.nanoTime();
    if (now - warnedNanos < QUIET_NANOS) {
      unsaid++;
      log.debug("{} is left in the store: {}", key, why.toString());
      return;
    }
    log.warn(
        "{} is left in the store, as garbage for the next run of garbage collection: {} ({} more"
            + " since the last such warning)",
        key,
        String.valueOf(why.getMessage()),
        unsaid);
    warnedNanos = now;
    unsaid = 0;
  }
}
