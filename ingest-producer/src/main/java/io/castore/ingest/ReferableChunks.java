package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells which chunks are referred to instead of being sent with their bytes: those that are
 * remembered as stored, and those that a lookup knows, where there is one. It need not be right: a
 * reference to what is not stored is answered MISSING, and the bytes are sent after all. Nor may it
 * cost much: hardly anything is asked while nothing is known ({@link MissBackoff}), and nothing for
 * a while where no answer comes in time.
 *
 * <p>Safe for use by many threads.
 */
final class ReferableChunks {
  /** Longer than an answer takes, and not much longer than it takes to send a chunk. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  /** To compress and send a smaller chunk costs less than to ask for it, in bytes. */
  static final int SMALLEST_ASKED_FOR = 64 << 10;

  /** After so many misses in a row, over all uploads, an upload begins without patience. */
  private static final int WEARY_AFTER = 256;

  private final KnownDigests memory;
  private final @Nullable GatheredQuestions questions;
  private final LookupOutage outage;
  private final AtomicInteger missesInARow = new AtomicInteger();

  /**
   * Asks the memory first.
   *
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  ReferableChunks(KnownDigests memory, Optional<KnownChunks> lookup, LongSupplier nanoTime) {
    this.memory = memory;
    questions = lookup.map(GatheredQuestions::new).orElse(null);
    outage = new LookupOutage(nanoTime);
  }

  /** Begins an upload. What is returned may be asked on many threads, and waits a little. */
  SourceReader.Referable ofUpload() {
    GatheredQuestions asked = questions;
    if (asked == null) {
      return (digest, length) -> memory.contains(digest);
    }
    MissBackoff backoff =
        missesInARow.get() < WEARY_AFTER
            ? MissBackoff.patient()
            : MissBackoff.weary(ThreadLocalRandom.current().nextInt(MissBackoff.PATIENCE));
    return (digest, length) ->
        memory.contains(digest)
            || (length >= SMALLEST_ASKED_FOR && isKnown(digest, asked, backoff));
  }

  private boolean isKnown(Digest digest, GatheredQuestions asked, MissBackoff backoff) {
    if (outage.isOn() || !backoff.asks()) {
      return false;
    }
    boolean known;
    try {
      known = asked.ask(digest).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException late) {
      outage.failed("no answer in %d ms".formatted(PATIENCE.toMillis()));
      return false;
    } catch (ExecutionException failed) {
      outage.failed(String.valueOf(failed.getCause()));
      return false;
    }
    outage.answered();
    backoff.answered(known);
    int unused = missesInARow.updateAndGet(misses -> known ? 0 : Math.min(misses + 1, WEARY_AFTER));
    return known;
  }
}
