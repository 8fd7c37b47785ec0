package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.KnownChunks.Reach;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks about digests one question at a time: while one is on its way, others gather and become the
 * next. So the slower the answers are, the more digests share one, and a lookup that answers at
 * once is asked at once. A question that fails fails those that have gathered, too.
 *
 * <p>Safe for use by many threads.
 */
final class GatheredQuestions {
  private final KnownChunks lookup;
  private final Duration patience;
  private Map<Digest, CompletableFuture<Boolean>> gathered = new LinkedHashMap<>();
  private boolean underWay;

  /**
   * Asks a lookup, which belongs to the caller.
   *
   * @param patience for how long a question is on its way before it fails
   */
  GatheredQuestions(KnownChunks lookup, Duration patience) {
    this.lookup = lookup;
    this.patience = patience;
  }

  /**
   * Asks whether a digest is known, and does not wait. What is asked about as a consequence of an
   * answer, on the thread that gives it, is in the next question together.
   *
   * @return fails where the lookup does, with a {@link TimeoutException} where it does not answer
   *     in time
   */
  CompletableFuture<Boolean> ask(Digest digest) {
    CompletableFuture<Boolean> answer;
    synchronized (this) {
      if (gathered.size() == KnownChunks.MOST_AT_ONCE) {
        return CompletableFuture.completedFuture(false);
      }
      answer = gathered.computeIfAbsent(digest, key -> new CompletableFuture<>());
    }
    askOn();
    return answer;
  }

  private void askOn() {
    for (Map<Digest, CompletableFuture<Boolean>> question = next();
        question != null;
        question = next()) {
      Map<Digest, CompletableFuture<Boolean>> asked = question;
      CompletableFuture<List<Digest>> missing = findMissing(List.copyOf(asked.keySet()));
      if (!missing.isDone()) {
        CompletableFuture<List<Digest>> unused =
            missing
                // What the lookup gave is its own.
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete(
                    (digests, failure) -> {
                      end(asked, digests, failure);
                      askOn();
                    });
        return;
      }
      CompletableFuture<List<Digest>> unused =
          missing.whenComplete((digests, failure) -> end(asked, digests, failure));
    }
  }

  /** Has a fault of the lookup end as a failed question. */
  private CompletableFuture<List<Digest>> findMissing(List<Digest> digests) {
    try {
      return lookup.findMissing(digests, Reach.EVERYWHERE);
    } catch (RuntimeException fault) {
      return CompletableFuture.failedFuture(fault);
    }
  }

  private synchronized @Nullable Map<Digest, CompletableFuture<Boolean>> next() {
    if (underWay || gathered.isEmpty()) {
      return null;
    }
    underWay = true;
    return takeGathered();
  }

  private synchronized Map<Digest, CompletableFuture<Boolean>> takeGathered() {
    Map<Digest, CompletableFuture<Boolean>> taken = gathered;
    gathered = new LinkedHashMap<>();
    return taken;
  }

  /** Ends a question, which is under way until everybody was told. */
  private void end(
      Map<Digest, CompletableFuture<Boolean>> asked,
      @Nullable List<Digest> missing,
      @Nullable Throwable failure) {
    if (missing != null) {
      Set<Digest> unknown = new HashSet<>(missing);
      asked.forEach((digest, answer) -> answer.complete(!unknown.contains(digest)));
    } else {
      Throwable reason = failure == null ? new NullPointerException("no answer") : failure;
      Map<Digest, CompletableFuture<Boolean>> behind = takeGathered();
      fail(asked, reason);
      fail(behind, reason);
    }
    synchronized (this) {
      underWay = false;
    }
  }

  private static void fail(Map<Digest, CompletableFuture<Boolean>> asked, Throwable reason) {
    asked.values().forEach(answer -> answer.completeExceptionally(reason));
  }
}
