package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.KnownChunks.Reach;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks about digests one question at a time: while one is on its way, others gather and become the
 * next. So the slower the answers are, the more digests share one, and a lookup that answers at
 * once is asked at once.
 *
 * <p>Safe for use by many threads.
 */
final class GatheredQuestions {
  private final KnownChunks lookup;
  private Map<Digest, CompletableFuture<Boolean>> gathered = new LinkedHashMap<>();
  private boolean underWay;

  /** Asks a lookup, which belongs to the caller. */
  GatheredQuestions(KnownChunks lookup) {
    this.lookup = lookup;
  }

  /** Asks whether a digest is known. Fails where the lookup does. */
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
            missing.whenComplete(
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

  /** Has a fault of the lookup end its question alone. */
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
    Map<Digest, CompletableFuture<Boolean>> question = gathered;
    gathered = new LinkedHashMap<>();
    return question;
  }

  private void end(
      Map<Digest, CompletableFuture<Boolean>> asked,
      @Nullable List<Digest> missing,
      @Nullable Throwable failure) {
    synchronized (this) {
      underWay = false;
    }
    Set<Digest> unknown = missing == null ? Set.of() : new HashSet<>(missing);
    asked.forEach(
        (digest, answer) -> {
          if (failure == null) {
            answer.complete(!unknown.contains(digest));
          } else {
            answer.completeExceptionally(failure);
          }
        });
  }
}
