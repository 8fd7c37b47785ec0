package io.castore.ingest;

import io.castore.pipeline.known.KnownChunks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
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
  /**
   * For each question. Longer than an answer takes, and not much longer than it takes to send a
   * chunk.
   */
  static final Duration PATIENCE = Duration.ofMillis(300);

  /** To compress and send a smaller chunk costs less than to ask for it, in bytes. */
  static final int SMALLEST_ASKED_FOR = 64 << 10;

  /** After so many misses in a row, over all uploads, an upload begins without patience. */
  private static final int WEARY_AFTER = 256;

  private final KnownDigests memory;
  private final @Nullable GatheredQuestions questions;
  private final Duration patience;
  private final LookupOutage outage;
  private final AtomicInteger missesInARow = new AtomicInteger();

  /**
   * Asks the memory first.
   *
   * @param patience for how long a question may be on its way, as {@link #PATIENCE}
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  ReferableChunks(
      KnownDigests memory, Optional<KnownChunks> lookup, Duration patience, LongSupplier nanoTime) {
    this.memory = memory;
    this.patience = patience;
    questions = lookup.map(asked -> new GatheredQuestions(asked, patience)).orElse(null);
    outage = new LookupOutage(nanoTime);
  }

  /** Begins an upload. What is returned may be asked on many threads. */
  SourceReader.Referable ofUpload() {
    GatheredQuestions asked = questions;
    if (asked == null) {
      return SourceReader.Referable.of(memory::contains);
    }
    MissBackoff backoff =
        missesInARow.get() < WEARY_AFTER
            ? MissBackoff.patient()
            : MissBackoff.weary(ThreadLocalRandom.current().nextInt(MissBackoff.PATIENCE));
    UploadQuestions ofUpload =
        new UploadQuestions(outage::isOn, digest -> asked.ask(digest).handle(this::heard), backoff);
    return (digest, length) -> {
      if (memory.contains(digest)) {
        return SourceReader.Referable.YES;
      }
      return length < SMALLEST_ASKED_FOR ? SourceReader.Referable.NO : ofUpload.isKnown(digest);
    };
  }

  private UploadQuestions.Answer heard(@Nullable Boolean known, @Nullable Throwable failure) {
    if (known == null) {
      outage.failed(reason(failure));
      return UploadQuestions.Answer.NONE;
    }
    outage.answered();
    int unused = missesInARow.updateAndGet(misses -> known ? 0 : Math.min(misses + 1, WEARY_AFTER));
    return known ? UploadQuestions.Answer.KNOWN : UploadQuestions.Answer.UNKNOWN;
  }

  private String reason(@Nullable Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return reason(failure.getCause());
    }
    return failure instanceof TimeoutException
        ? "no answer in %d ms".formatted(patience.toMillis())
        : String.valueOf(failure);
  }
}
