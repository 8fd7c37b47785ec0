package io.castore.content.reading;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Loads a thing once for all who ask for it at the same time, on threads that may block.
 *
 * <p>Who asks while it is being loaded already shares what is found. That nothing is there, or
 * cannot be read, is no answer to them, as it may have changed before they asked: for them it is
 * loaded once more. So what is written is read from then on.
 *
 * <p>What nobody asks for any more when its turn comes is not loaded. Safe for use by many threads.
 * Holds no lock while it calls anybody.
 *
 * @param <K> names a thing
 * @param <V> the thing
 */
final class SharedLoads<K, V> {
  private final Loader<K, V> loader;
  private final Executor threads;
  private final Map<K, Load> underWay = new HashMap<>();

  SharedLoads(Loader<K, V> loader, Executor threads) {
    this.loader = loader;
    this.threads = threads;
  }

  /** Loads a thing. May block, and may go on after it has returned. */
  @FunctionalInterface
  interface Loader<K, V> {
    CompletableFuture<Optional<V>> load(K key) throws IOException;
  }

  /** One who asks. */
  final class Ask {
    private final K key;
    private final CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
    private @Nullable Load load;

    /** Whether the load had begun before this was asked. */
    private boolean late;

    private Ask(K key) {
      this.key = key;
    }

    /** Completes with the thing, or with empty where there is none, or fails as its loader does. */
    CompletableFuture<Optional<V>> answer() {
      return answer;
    }

    /** Wants no answer any more. One may come nevertheless. */
    void leave() {
      synchronized (SharedLoads.this) {
        Load left = load;
        load = null;
        if (left != null && left.asks.remove(this) && left.asks.isEmpty() && !left.begun) {
          underWay.remove(key, left);
        }
      }
    }
  }

  /** Asks for a thing. Never blocks. */
  Ask ask(K key) {
    Ask ask = new Ask(key);
    join(ask, true);
    return ask;
  }

  private void join(Ask ask, boolean first) {
    Load load;
    boolean isNew;
    synchronized (this) {
      load = underWay.get(ask.key);
      isNew = load == null;
      if (load == null) {
        load = new Load(ask.key);
        underWay.put(ask.key, load);
      }
      // The second load began after the first had ended, and so after the question.
      ask.late = first && load.begun;
      ask.load = load;
      load.asks.add(ask);
    }
    if (isNew) {
      try {
        threads.execute(load);
      } catch (RejectedExecutionException closed) {
        // Who asks is told by others. To be told here could happen under locks of theirs.
        synchronized (this) {
          underWay.remove(load.key, load);
        }
      }
    }
  }

  private void finish(Load load, Optional<V> found, @Nullable Throwable failure) {
    List<Ask> asks;
    synchronized (this) {
      underWay.remove(load.key, load);
      asks = List.copyOf(load.asks);
      load.asks.clear();
    }
    for (Ask ask : asks) {
      if (ask.late && found.isEmpty()) {
        join(ask, false);
      } else if (failure != null) {
        ask.answer.completeExceptionally(failure);
      } else {
        ask.answer.complete(found);
      }
    }
  }

  /** One load, for all who joined it. */
  private final class Load implements Runnable {
    private final K key;
    private final Set<Ask> asks = new HashSet<>();
    private boolean begun;

    Load(K key) {
      this.key = key;
    }

    @Override
    public void run() {
      synchronized (SharedLoads.this) {
        if (asks.isEmpty()) {
          return;
        }
        begun = true;
      }
      CompletableFuture<Optional<V>> loaded;
      try {
        loaded = loader.load(key);
      } catch (IOException | RuntimeException | Error failure) {
        loaded = CompletableFuture.failedFuture(failure);
      }
      var unused =
          loaded.whenComplete(
              (found, failure) ->
                  finish(this, failure == null ? found : Optional.empty(), causeOf(failure)));
    }

    private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
      return failure instanceof CompletionException && failure.getCause() != null
          ? failure.getCause()
          : failure;
    }
  }
}
