package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Knows what it is told, and answers at once unless it is held back or broken. */
final class FakeLookup implements KnownChunks {
  private final Set<Digest> known = ConcurrentHashMap.newKeySet();
  private final List<List<Digest>> questions = new CopyOnWriteArrayList<>();
  private volatile @Nullable CompletableFuture<Void> heldBack;
  private volatile @Nullable Exception failure;

  void learn(Digest... digests) {
    known.addAll(List.of(digests));
  }

  /** Has questions wait from now on, for what is returned. */
  CompletableFuture<Void> holdBack() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    heldBack = go;
    return go;
  }

  void breakDown(@Nullable Exception why) {
    failure = why;
  }

  List<List<Digest>> questions() {
    return questions;
  }

  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    questions.add(digests);
    Exception broken = failure;
    if (broken instanceof RuntimeException fault) {
      throw fault;
    }
    if (broken != null) {
      return CompletableFuture.failedFuture(broken);
    }
    List<Digest> missing = digests.stream().filter(digest -> !known.contains(digest)).toList();
    CompletableFuture<Void> wait = heldBack;
    return wait == null
        ? CompletableFuture.completedFuture(missing)
        : wait.thenApply(go -> missing);
  }
}
