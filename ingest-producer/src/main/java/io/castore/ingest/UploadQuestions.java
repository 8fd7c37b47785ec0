package io.castore.ingest;

import io.castore.content.digest.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks about the chunks of one upload as long as that is worth it ({@link MissBackoff}). Chunks of
 * which that cannot be told yet wait for the answers that others await, and are then asked about
 * together.
 *
 * <p>Safe for use by many threads.
 */
final class UploadQuestions {
  private final BooleanSupplier isOut;
  private final Function<Digest, CompletableFuture<Answer>> lookup;
  private final MissBackoff backoff;

  /** In order. Its lock is held from advice to wait on, so that no answer is missed meanwhile. */
  private final Deque<Undecided> undecided = new ArrayDeque<>();

  /**
   * Asks nothing yet.
   *
   * @param isOut whether nobody is to be asked now, as after a question without an answer
   * @param lookup asks about a chunk, and never fails
   */
  UploadQuestions(
      BooleanSupplier isOut,
      Function<Digest, CompletableFuture<Answer>> lookup,
      MissBackoff backoff) {
    this.isOut = isOut;
    this.lookup = lookup;
    this.backoff = backoff;
  }

  /** What is heard of a chunk. */
  enum Answer {
    KNOWN,
    UNKNOWN,
    NONE
  }

  /** A chunk that may be asked about, or not. */
  private record Undecided(Digest digest, CompletableFuture<Boolean> known) {}

  /**
   * Asks whether a chunk is known, if that is worth it, and does not wait.
   *
   * @return never fails; false, too, where nobody was asked or gave an answer
   */
  CompletableFuture<Boolean> isKnown(Digest digest) {
    if (isOut.getAsBoolean()) {
      return SourceReader.Referable.NO;
    }
    synchronized (undecided) {
      MissBackoff.Advice advice = backoff.next();
      if (advice == MissBackoff.Advice.SKIP) {
        return SourceReader.Referable.NO;
      }
      if (advice == MissBackoff.Advice.WAIT) {
        Undecided chunk = new Undecided(digest, new CompletableFuture<>());
        undecided.add(chunk);
        return chunk.known;
      }
    }
    return ask(digest);
  }

  private CompletableFuture<Boolean> ask(Digest digest) {
    return lookup.apply(digest).thenApply(this::heard);
  }

  private boolean heard(Answer answer) {
    if (answer == Answer.NONE) {
      backoff.failed();
    } else {
      backoff.answered(answer == Answer.KNOWN);
    }
    for (Decided next = decide(); next != null; next = decide()) {
      CompletableFuture<Boolean> known = next.chunk.known;
      if (next.asks) {
        CompletableFuture<Void> unused = ask(next.chunk.digest).thenAccept(known::complete);
      } else {
        known.complete(false);
      }
    }
    return answer == Answer.KNOWN;
  }

  private record Decided(Undecided chunk, boolean asks) {}

  /** Decides about the next chunk, if any, unless that is still too early. */
  private @Nullable Decided decide() {
    boolean out = isOut.getAsBoolean();
    synchronized (undecided) {
      if (undecided.isEmpty()) {
        return null;
      }
      MissBackoff.Advice advice = out ? MissBackoff.Advice.SKIP : backoff.next();
      return advice == MissBackoff.Advice.WAIT
          ? null
          : new Decided(undecided.remove(), advice == MissBackoff.Advice.ASK);
    }
  }
}
